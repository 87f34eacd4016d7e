"""The WSGI application, served by granian."""

import os

from django.core.wsgi import get_wsgi_application

from koor.kernel import collector, database, pulse
from koor.shell.lengths import measured
from koor.shell.supervisor import MARK

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koor.settings")
application = measured(get_wsgi_application())
collector.rest()
if os.environ.get(MARK):  # not where somebody only imports this
    database.watch()
    pulse.listen()
