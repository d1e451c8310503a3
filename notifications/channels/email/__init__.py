"""Mail: its bytes, and the ways to hand them over."""
