"""The web application: one folder for each feature. `portal/app.py` builds it."""
