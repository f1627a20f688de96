"""A house style for tests of the page, with whatever a client could put in it."""

LOGO = """\
<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50"><script>document.title = "taken"</script>
<rect width="50" height="50" fill="#7b1fa2"/><image href="https://example.com/a.png" width="9" height="9"/></svg>
"""
STYLE = """
[report]
sections = [{sections}]
confidential = 'Vertrouwelijk "x" </style>'
[report.brand]
logo = "logo.svg"
accent = "#7b1fa2"
second = "#3fa34d"
font = 'Fira"; color: red'
[report.text]
drivers = '''Eigen <b>tekst</b> {{{{7*7}}}}

Tweede alinea'''
"""
OPENED = "() => document.querySelectorAll('details').forEach(folded => folded.open = true)"
