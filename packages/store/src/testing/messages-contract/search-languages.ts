/** A text, what finds it, and what does not. A query that ends with an asterisk is a prefix. */
export interface LanguageCase {
  readonly language: string
  readonly text: string
  readonly found: readonly string[]
  readonly missed: readonly string[]
}

/** What is found by what, in many languages and notations. */
export const LANGUAGES: readonly LanguageCase[] = [
  {
    language: 'English',
    text: "Don't deploy on Friday: the build isn't green.",
    found: ['FRIDAY', 'friday the build', "isn't", 'dep*', 'green.'],
    missed: ['deployed', 'build the', 'fri', 'd*', 'gree'],
  },
  {
    language: 'French',
    text: 'Le garçon a mangé une crème brûlée à Noël, cœur léger.',
    found: ['garcon', 'GARÇON', 'mange\u0301', 'creme brulee', 'noel', 'coeur', 'brûl*'],
    missed: ['garson', 'brulées'],
  },
  {
    language: 'German',
    text: 'Die Straße nach Köln ist größer als die Gasse.',
    found: ['strasse', 'STRASSE', 'straße', 'koln', 'KÖLN', 'grosser', 'groß*'],
    missed: ['koeln', 'Stra'],
  },
  {
    language: 'Polish, Danish and Icelandic',
    text: 'Łódź, Ærøskøbing, Þórshöfn',
    found: ['lodz', 'ŁÓDŹ', 'aeroskobing', 'ærøskøbing', 'thorshofn'],
    missed: ['odz', 'roskobing'],
  },
  {
    language: 'Turkish',
    text: 'İSTANBUL Diyarbakır IĞDIR',
    found: ['istanbul', 'İstanbul', 'ıstanbul', 'diyarbakir', 'DİYARBAKIR', 'ığdır', 'igdir'],
    missed: ['istambul'],
  },
  {
    language: 'Vietnamese',
    text: 'Tiếng Việt có nhiều dấu',
    found: ['tieng viet', 'TIẾNG VIỆT', 'Tie\u0302\u0301ng', 'dau'],
    missed: ['viet tieng'],
  },
  {
    language: 'Greek',
    text: 'Ο Οδυσσεύς ταξίδεψε. ΤΕΛΟΣ',
    found: ['οδυσσευς', 'ΟΔΥΣΣΕΥΣ', 'Οδυσσεύς', 'ταξιδεψε', 'τέλος', 'οδυσσευσ'],
    missed: ['ταξιδι'],
  },
  {
    language: 'Russian and Ukrainian',
    text: 'Ёлка и МОЙ за\u0301мок; Київ',
    found: ['елка', 'ёлка', 'мой', 'замок', 'КИЇВ', 'ки*'],
    missed: ['мои', 'киів'],
  },
  {
    language: 'Arabic',
    text: 'كِتَابٌ جَدِيد من أحمد، كـــتاب',
    found: ['كتاب', 'كِتَاب', 'جديد', 'احمد', 'كتاب جديد'],
    missed: ['كتب'],
  },
  {
    language: 'Hebrew',
    text: 'שָׁלוֹם עוֹלָם',
    found: ['שלום', 'עולם', 'שלום עולם', 'של*'],
    missed: ['שלם'],
  },
  {
    language: 'Hindi',
    text: 'यह हिन्दी का वाक्य है।',
    found: ['हिन्दी', 'वाक्य है', 'हिन्*'],
    missed: ['हिन्दू', 'हन्दी', 'ह'],
  },
  {
    language: 'Thai',
    text: 'สวัสดีชาวโลก ที่นี่มีน้ำ',
    found: ['สวัสดี', 'ชาวโลก', 'ดีชาว', 'โลก', 'ที่นี่', 'น้ำ'],
    missed: ['โลกชาว', 'สวัสดีโลก'],
  },
  {
    language: 'Lao, Burmese and Khmer',
    text: 'ສະບາຍດີ မင်္ဂလာပါ សួស្តី',
    found: ['ບາຍ', 'ສະບາຍດີ', 'မင်္ဂလာ', 'សួស្តី'],
    missed: ['ດີບາຍ'],
  },
  {
    language: 'Chinese',
    text: '我们明天在北京开会，讨论资料。',
    found: ['北京', '京', '明天在', '开会', '开会，讨论', '在北京开会', '北京*'],
    missed: ['上海', '京北', '明天北京'],
  },
  {
    language: 'Japanese',
    text: '今日は会議の資料をがくせいに送るｶﾞｲﾄﾞ。コーヒー',
    found: ['会議', '会議の資料', 'がく', 'か\u3099く', '送る', 'ガイド', 'ｶﾞｲﾄﾞ', 'コーヒー', 'ー'],
    missed: ['かく', 'カイト', '議会', 'こーひー'],
  },
  {
    language: 'Korean',
    text: '한국어 문서를 읽었습니다',
    found: ['한국어', '문서*', '문서를 읽었습니다', '한국어'.normalize('NFD')],
    missed: ['한국', '문서'],
  },
  {
    language: 'a mix of scripts',
    text: '東京Tower2024年の写真 ABCＤＥＦ ﬁx',
    found: ['tower2024', '東京tower2024年', '写真', 'abcdef', 'fix', '京Tower*'],
    missed: ['tower', '2024'],
  },
  {
    language: 'emoji and symbols',
    text: '👍🏽 done ❤️‍🔥 1️⃣ x² ½ → ok',
    found: ['done', '1', 'x2', 'done 1', '1 2'],
    missed: ['👍', '❤️', '→', '👍🏽 ❤️‍🔥'],
  },
  {
    language: 'code',
    text: 'const userName = get_user(foo-bar); // C++ a.b.c v1.2.3 #tag $HOME',
    found: [
      'username',
      'userName',
      'user*',
      'get_user',
      'get user',
      'foo-bar',
      'foo bar',
      'a.b.c',
      'v1.2.3',
      'tag',
      'c++',
    ],
    missed: ['name', 'bar foo', 'getuser', '1.3'],
  },
  {
    language: 'paths, URLs and mail addresses',
    text: 'see /usr/local/lib/node_modules C:\\Temp https://example.org/a?b=c&d=1#top ada.l@mail.example.com',
    found: [
      '/usr/local',
      'local/lib',
      'node_modules',
      'c:\\temp',
      'example.org',
      'https://example.org/a?b=c',
      'ada.l@mail',
      'mail.example.com',
    ],
    missed: ['usr/lib', 'example.com/a', 'ada@mail'],
  },
]
