"""The film that the demo renders: pictures and sounds made by code, so that git need hold none."""

from media.sample.film import SampleSegment, make_sample
from media.sample.studio import have_sample_made

__all__ = ["SampleSegment", "have_sample_made", "make_sample"]
