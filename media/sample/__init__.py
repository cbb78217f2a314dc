"""The film that the demo renders: pictures and sounds made by code, so that git need hold none."""

from media.sample.film import SampleSegment, make_sample

__all__ = ["SampleSegment", "make_sample"]
