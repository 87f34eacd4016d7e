"""Any system of your own that sends us messages: a shop, a forum, an app, signed so that nobody else can."""
