"""The pages people look at: Django templates and ES modules, no build step."""
