"""
Benchmarks; what counts in each is a ratio to a peer that is measured in the same run.

    measuring  runs a program and tells its time and memory
    growth     an environment of growing size
    synth      synthesis, beside the stock import and TypeScript
    review     what it takes to say what a large plan does
    rehearsal  rehearsals, and the fake Google beneath them
"""
