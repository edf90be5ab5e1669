"""What goes back to students: one page per notebook, with scores, messages and the verdict, and without hidden tests."""

from lakelab.feedback.generate import FeedbackSummary, feedback, render

__all__ = ["FeedbackSummary", "feedback", "render"]
