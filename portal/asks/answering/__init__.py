"""The page behind the link of an ask, the same for every program.

Each program adds its part (portal/declarations/answers.py).
"""
