"""The live state of renders and its way to everybody who watches. It knows neither models, REST nor video."""
