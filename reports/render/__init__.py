"""How documents look: HTML, Markdown, JUnit, figures as SVG."""
