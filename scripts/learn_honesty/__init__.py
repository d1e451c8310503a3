"""The honesty check's second reader learns from the texts of its corpus: `python -m scripts.learn_honesty`.

    python -m scripts.learn_honesty            write locale/*/honesty.weights
    python -m scripts.learn_honesty --measure  what it would hear of each writer, had it learned from the others
    python -m scripts.learn_honesty --check    complain when the texts are no longer those it has learned from
    python -m scripts.learn_honesty --try FILE how many of the texts of a file are found; one JSON a line

The same texts make the same files. Needs scikit-learn; the weights it writes need nothing.
"""
