import logging

import pytest

from media import encoder
from media.exceptions import EncoderMissing


def test_an_encoder_that_does_not_work_here_is_replaced_by_x264(caplog: pytest.LogCaptureFixture):
    """A hardware encoder that fails its one-frame test leaves the work to x264, and the log says so."""
    encoder.chosen.cache_clear()
    with caplog.at_level(logging.WARNING, logger="media.encoder"):
        chosen = {wanted: encoder.chosen(wanted) for wanted in encoder.ENCODERS}
    working = {name for name, used in chosen.items() if name == used}
    assert encoder.SOFTWARE in working
    assert {chosen[name] for name in encoder.ENCODERS if name not in working} <= {encoder.SOFTWARE}
    for name in set(encoder.ENCODERS) - working:
        assert any(record.message.startswith(f"{name} does not work") for record in caplog.records)


def test_an_unknown_encoder_is_refused():
    """An encoder that Rushes does not know is refused with the names of those that it does."""
    with pytest.raises(EncoderMissing, match="h264_nvenc"):
        encoder.chosen("libx265")


def test_x264_is_there():
    """The pinned PyAV carries the encoder that everything rests on."""
    assert encoder.available()
