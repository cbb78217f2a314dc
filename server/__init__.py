"""The Django project: REST, the database, and the pages."""
