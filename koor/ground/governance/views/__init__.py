"""Pages of governance: who may what, what happened, who is responsible; what is kept on a person."""
