const codePoints = (from: number, to: number): string =>
  String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, index) => from + index))

/** One text a line, as is. Invisible texts follow below as escapes. */
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

const WORDS = lines(`
undefined\nnull\nNULL\nnil\nNone\ntrue\nFALSE\nNaN\n-Infinity\n[object Object]\n-\n\\
constructor\n__proto__\nhasOwnProperty\ntoString\nthen\nCON\nNUL\nlpt1\ndesktop.ini
0\n-0\n+1\n1.\n.5\n1e1000\n1E+02\n0x1F\n0b1\n1_000\n1,000\n1'000\n00012\n1/0\n$1.00\n1:30
999999999999999999999999\n2147483648\n9007199254740993\n٣\n１２３\n²\nⅫ\n½
"\n'\n""\n''\n“”\nO'Brien\n\\"\n\\'\n{\n}\n[\n]\n<\n>\n{"a":1}\n{}\n[]\n;\n?\n:a\n$1
`)

const LANGUAGES = lines(`
漢字\n𠜎𠜱𠝹\nภาษาไทย\nहिन्दी\nதமிழ்\nქართული\nአማርኛ\n한국어\nᚠᛇᚻ\n𓀀\nｶﾀｶﾅ\nʻOkina\nمرحبا بالعالم\nשלום\nabc אבג 123
раypal\nѕсоре\nℌ𝔢𝔩𝔩𝔬\nａｄｍｉｎ\nɐqɔ\n🅰🅱\nİi\nı\nß ẞ\nก็็็็็็็
😀\n👩‍👩‍👧‍👦\n👋🏿\n🏴‍☠️\n🇩🇪🇫\n1️⃣
`)

const ATTACKS = lines(`
<script>alert(1)</script>\n<img src=x onerror=alert(1)>\n</textarea><svg onload=alert(1)>\n<!--\n-->\n]]>
javascript:alert(1)\n&lt;b&gt;\n&#0;\n<a href="data:text/html,x">x</a>\n{{7*7}}\n\${7*7}\n<%= 1 %>\n#{1}
<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>
'; DROP TABLE messages; --\n1' OR '1'='1\n" OR ""="\n%\n_\n\\%\nx' UNION SELECT 1--\n{"$gt": ""}\n*)(uid=*\n/*\n*/\n--
$(touch x)\n\`touch x\`\n; rm -rf /\n| cat\n&& ls\n> x\n--upload-pack=x\n-x\n--help\n() { :; }; echo\next::sh -c x
../../../etc/passwd\n..\\..\\windows\n\\\\server\\share\n%2e%2e%2f\nfile:///etc/passwd\nC:\\\n/dev/null\n~\n.git\n$HOME\n%PATH%
%s%s%s%n\n%d\n%00\n{0}\nhttp://127.0.0.1:22/\n{"level":60}\n\${jndi:ldap://x/a}\n=1+1\n+1+1\n@SUM(1)
@octocat\nFixes #1\nowner/name#1\nGH-1\n[skip ci]\n[ci skip]\n***NO_CI***\nSigned-off-by: a <b@c>\nCo-authored-by: x <y@z>
# comment\ndiff --git a/x b/x\n---\nFrom 0123456789 Mon Sep 17\n<<<<<<< HEAD\n=======\n>>>>>>> main\nref: refs/heads/main
`)

const BLANKS_AND_CONTROLS = [
  ...[
    ' a',
    'a ',
    '\ta',
    'a\n',
    'a\r\nb',
    'a\rb',
    '\n\n\na',
    'a\u00a0b',
    'a\u3000b',
    'a\u2028b\u2029c',
    '\u0085a',
  ],
  ...[
    'a\u200bb',
    '\u200b',
    '\ufeffa',
    'a\ufeff',
    'a\u00adb',
    '\u2060',
    '\u180e',
    '\u115f',
    '\u3164',
    '\u2800',
  ],
  ...['\u001b[31mred\u001b[0m', '\u001b]0;title\u0007', '\u001b[2J', '\b\b\bb', 'a\u0004b', '\u009b2J'],
  ...[
    '\u202egnp.exe',
    '\u2066a\u2069',
    '\u200fa\u200e',
    '\u061ca',
    `a${codePoints(0x01, 0x1f)}`,
    codePoints(0x7f, 0x9f),
  ],
]

const FORMS_AND_EDGES = [
  ...[
    'e\u0301',
    '\u00e9',
    '\u1e9b\u0323',
    '\u0344',
    '\u2126',
    '\u212b',
    '\uac00',
    '\u1100\u1161',
    '\ufb01',
    '\u0301',
  ],
  ...[
    '\ufffd',
    '\ufffe',
    '\uffff',
    '\u{1ffff}',
    '\u{10ffff}',
    '\ue000',
    '\u{f0000}',
    '\u{e0001}',
    '\ufdd0',
    '\u0378',
  ],
  ...[
    codePoints(0x80, 0xff),
    codePoints(0x2000, 0x206f),
    `z${'\u0335\u034f\u0489'.repeat(30)}`,
    `a${'\u0300'.repeat(500)}`,
  ],
]

const PROTOCOL_LINES = [
  ...[
    'a\r\nSet-Cookie: b=c',
    'a\n[ERROR] forged',
    'Subject: x\r\n\r\nbody',
    '-- \n',
    'commit refs/heads/main\ndata 0\n',
  ],
  ...['tree 0123\nparent 4567\n', '<<EOF\nEOF\n', 'data 5\nabcde', 'done\n', `ghp_${'a'.repeat(36)}`],
]

const LONG = ['a', 'é', '😀', 'a ', '\\'].map((text) => text.repeat(10_000))

/** Texts that have broken software before. Each is a valid content that must be stored unchanged. */
export const NAUGHTY_STRINGS: readonly string[] = [
  ...[...WORDS, ...LANGUAGES, ...ATTACKS],
  ...[...BLANKS_AND_CONTROLS, ...FORMS_AND_EDGES, ...PROTOCOL_LINES],
  ...[...LONG, 'a'.repeat(32_768), `${'\n'.repeat(30_000)}a`],
]

/** Odd but valid senders. Each must be stored unchanged, even if a commit cannot contain all of it. */
export const NAUGHTY_SENDERS: readonly string[] = [
  ...[
    '<>',
    '<',
    '>',
    '.',
    ',',
    ':',
    ';',
    '"',
    "'",
    '\\',
    '-',
    '--amend',
    '-x',
    '..',
    '/',
    '~',
    '*',
    '%',
    '$HOME',
  ],
  ...[
    'a <b@c>',
    'a <',
    '> b',
    ' a ',
    ' .a. ',
    'a\u00a0',
    'null',
    '__proto__',
    '../x',
    'CON',
    'x.lock',
    '@{',
    '`id`',
  ],
  ...[
    '@octocat',
    'ada@example.org',
    'Fixes #1',
    'closes GH-7',
    'owner/name#1',
    '[skip ci]',
    '[ci skip]',
    '***NO_CI***',
  ],
  ...[
    'Co-authored-by: x <y@z>',
    'Message-Id: forged',
    'Sender: mallory',
    'https://github.com/o/n/issues/1',
    '# a',
    '---',
  ],
  ...[
    '李',
    'مرحبا',
    'e\u0301',
    'é',
    '👩‍👩‍👧‍👦',
    'a\u200bb',
    'Zoë',
    'K',
    '\ue000',
    '😀'.repeat(64),
    'a'.repeat(64),
  ],
]
