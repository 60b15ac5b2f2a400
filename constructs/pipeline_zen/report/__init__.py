"""
A plan and what the guard found in it, as one review in several forms.

    origins   the way back: resources of a plan -> the settings that they come from
    review    plan and verdict as one value
    markdown  the review as a comment on a pull request
    terminal  the review in a terminal
    github    posts a report on a pull request
"""
