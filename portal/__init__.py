"""The house: one folder a feature. The factory lives in `portal/app.py`."""
