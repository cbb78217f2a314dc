"""What each start looks at."""

from pathlib import Path

import av
import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from media import captions
from server.projects import checks
from server.projects.models import Project


def test_a_sound_machine_passes() -> None:
    """There is an encoder, the font has letters, and the data folder takes files."""
    assert checks.data_folder() + checks.caption_font() + checks.encoder() == []


def test_a_machine_without_an_encoder_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyAV has been built without x264 the server starts all the same, and says what to do."""
    monkeypatch.setattr(av, "codecs_available", av.codecs_available - {"libx264"})
    (warning,) = checks.encoder()
    assert warning.id == "rushes.W001"
    assert "requirements.txt" in str(warning.hint)


def test_a_font_that_is_none_is_an_error(settings: Settings, tmp_path: Path) -> None:
    """A text file by the name of a font is found out before the first film; a real font passes."""
    settings.CAPTION_FONT = captions.FONT
    assert checks.caption_font() == []
    settings.CAPTION_FONT = tmp_path / "fake.ttf"
    settings.CAPTION_FONT.write_text("not a font")
    (error,) = checks.caption_font()
    assert "fake.ttf" in error.msg


def test_a_data_folder_that_is_none_is_an_error(settings: Settings, tmp_path: Path) -> None:
    """It is named, with what to do."""
    settings.DATA_DIR = tmp_path / "gone"
    (error,) = checks.data_folder()
    assert str(tmp_path / "gone") in error.msg
    assert "DATA_DIR" in str(error.hint)


@pytest.mark.django_db
def test_a_project_deleted_in_the_admin_takes_its_files_along(client: Client) -> None:
    """One by one or chosen from the list, it is the same deletion as the API's."""
    client.force_login(User.objects.create_superuser("owner"))
    one, two = Project.objects.create(), Project.objects.create()
    for project in (one, two):
        project.output.parent.mkdir(parents=True)
        assert client.get(f"/admin/projects/project/{project.pk}/change/").status_code == 200
    client.post(f"/admin/projects/project/{one.pk}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [str(two.pk)], "post": "yes"}
    client.post("/admin/projects/project/", chosen)
    assert not Project.objects.exists()
    assert not one.folder.exists()
    assert not two.folder.exists()


def test_an_encoder_that_rushes_does_not_know_is_an_error(settings: Settings) -> None:
    """A RENDER_ENCODER that is none of those known is an error, and its hint names them."""
    settings.RENDER_ENCODER = "h264_magic"
    (error,) = checks.encoder()
    assert error.id == "rushes.E003"
    assert "h264_nvenc" in str(error.hint)
