"""WhatsApp by the Cloud API of Meta: the number of an organisation."""
