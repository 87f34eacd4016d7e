"""Paper goes nowhere and keeps everything: for the practice stage and for the demo."""
