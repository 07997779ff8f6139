"""Events: a program of invitations that are easy to answer, seats that are never oversold, and who was there."""
