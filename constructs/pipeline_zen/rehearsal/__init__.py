"""
An environment, or a change of it, applied to the fake Google.

    rehearse  applies it with the real OpenTofu, and says what died
"""
