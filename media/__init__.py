"""The render engine: pictures and voices in, one MP4 out. It knows no Django."""
