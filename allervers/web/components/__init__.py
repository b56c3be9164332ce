"""The design system: styles, icons, small behaviours, and a gallery of them all."""
