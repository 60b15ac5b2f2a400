"""
The atlas: an environment at a glance, as one HTML page for whoever reads no YAML.

    sources  the YAML as it is read, and the way to its lines
    overlay  what a change does to which part of the page
    matrix   clusters and regions, with what they come to
    rights   who may do what, as sentences made from the grants
    journey  the way of a job, as a drawing with the environment's own names
    page     all of it as one page
"""

from pipeline_zen.atlas.page import page

__all__ = ["page"]
