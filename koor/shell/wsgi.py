"""The WSGI application, served by granian."""

import os

from django.core.wsgi import get_wsgi_application

from koor.kernel import collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koor.settings")
application = get_wsgi_application()
collector.rest()
