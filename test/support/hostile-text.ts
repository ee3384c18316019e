/** Texts that try to be more than text in whatever shows them. */

export const HOSTILE_TEXTS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  ']]><!--',
  '=HYPERLINK("http://127.0.0.1/","look")',
  '-2+3',
  '@SUM(A1)',
  'a | b \\| c',
  '`code` ``more``',
  '[here](http://127.0.0.1) ![pixel](http://127.0.0.1/x)',
  '# heading\n- list\n| --- |',
  '::error::of its own',
  '  \n \t::stop-commands::x',
  'before ##[add-mask]x',
  'first\r\n::set-output name=x::y',
  'comma, "quotes"\nand a line',
  '&amp; &#60; @somebody #12 ~~gone~~ $x$',
  'not characters: \u0000\u0007\u001B[31m\uFFFE\uD800 end',
  ' ',
  '',
] as const;
