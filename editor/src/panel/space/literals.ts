/** What a pasted text says, before it is known of which parameters. */
export type Literal =
  | { type: "none"; line: number }
  | { type: "flag"; value: boolean; line: number }
  | { type: "number"; value: number; whole: boolean; line: number }
  | { type: "text"; value: string; line: number }
  | { type: "list"; items: Literal[]; line: number }
  | { type: "dict"; entries: [string, Literal][]; line: number }
  | { type: "call"; name: string; args: Literal[]; line: number };

/** A pasted text that cannot be read; the message is a sentence for the person, with the line. */
export class PasteRefusal extends Error {
  constructor(message: string, line: number) {
    super(`Line ${line}: ${message}`);
    this.name = "PasteRefusal";
  }
}

interface Token {
  kind: "text" | "number" | "word" | "sign" | "end";
  text: string;
  line: number;
}

const TOKEN =
  /(?<space>[ \t\r]+|#[^\n]*)|(?<newline>\n)|(?<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(?<number>[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[A-Za-z_][\w.]*)|(?<sign>[{}[\](),:=])/y;
const CLOSED_BY: Record<string, string> = { "[": "]", "(": ")", "{": "}" };
const WORDS = new Map([
  ["None", null],
  ["null", null],
  ["True", true],
  ["true", true],
  ["False", false],
  ["false", false],
]);
const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r" };
const MOST_DEPTH = 20;

/** Reads one Python or JSON literal: dicts, lists, texts, numbers, None, True, False, and calls of literals. Runs nothing. */
export function readLiteral(source: string): Literal {
  const reader = new Reader(tokensOf(source));
  const value = reader.value(0);
  reader.expectEnd();
  return value;
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    if (!groups) throw new PasteRefusal(`'${source.charAt(at)}' cannot stand here.`, line);
    if (groups["newline"] !== undefined) line += 1;
    for (const kind of ["text", "number", "word", "sign"] as const) {
      if (groups[kind] !== undefined) tokens.push({ kind, text: groups[kind], line });
    }
  }
  return [...tokens, { kind: "end", text: "the end", line }];
}

class Reader {
  private at = 0;

  constructor(private readonly tokens: Token[]) {
    // "param_grid = {...}": the name that it had does not count.
    if (tokens[0].kind === "word" && tokens.length > 1 && tokens[1].text === "=") this.at = 2;
  }

  value(depth: number): Literal {
    const token = this.next();
    if (depth > MOST_DEPTH) throw new PasteRefusal("it is nested too deeply.", token.line);
    if (token.kind === "text") return { type: "text", value: unquoted(token.text), line: token.line };
    if (token.kind === "number") return numberOf(token);
    if (token.kind === "word") return this.word(token, depth);
    if (token.text === "[" || token.text === "(") return this.list(token, depth);
    if (token.text === "{") return this.dict(token, depth);
    throw new PasteRefusal(`a value is missing before ${quoted(token)}.`, token.line);
  }

  expectEnd(): void {
    const token = this.next();
    if (token.kind !== "end")
      throw new PasteRefusal(`nothing may follow the dict, but ${quoted(token)} does.`, token.line);
  }

  private word(token: Token, depth: number): Literal {
    if (this.peek().text === "(" && this.peek().kind === "sign") return this.call(token, depth);
    const value = WORDS.get(token.text);
    if (value === undefined) {
      throw new PasteRefusal(`${token.text} is a name, not a value: put texts in quotes.`, token.line);
    }
    return value === null ? { type: "none", line: token.line } : { type: "flag", value, line: token.line };
  }

  private call(token: Token, depth: number): Literal {
    const open = this.next();
    const name = token.text.split(".").at(-1) ?? "";
    if (name === "dict") return this.entries(open, depth, "=", token.line);
    const items = this.items(open, depth);
    return { type: "call", name, args: items, line: token.line };
  }

  private list(open: Token, depth: number): Literal {
    return { type: "list", items: this.items(open, depth), line: open.line };
  }

  private items(open: Token, depth: number): Literal[] {
    const items: Literal[] = [];
    while (!this.closes(open)) {
      items.push(this.value(depth + 1));
      this.comma(open);
    }
    return items;
  }

  private dict(open: Token, depth: number): Literal {
    return this.entries(open, depth, ":", open.line);
  }

  private entries(open: Token, depth: number, between: string, line: number): Literal {
    const entries: [string, Literal][] = [];
    while (!this.closes(open)) {
      const key = this.next();
      const isName = key.kind === "text" || (key.kind === "word" && between === "=");
      if (!isName) throw new PasteRefusal(`a name in quotes is missing before ${quoted(key)}.`, key.line);
      const name = key.kind === "text" ? unquoted(key.text) : key.text;
      const sign = this.next();
      if (sign.text !== between)
        throw new PasteRefusal(`'${between}' is missing after '${name}'.`, sign.line);
      entries.push([name, this.value(depth + 1)]);
      this.comma(open);
    }
    return { type: "dict", entries, line };
  }

  private comma(open: Token): void {
    const token = this.peek();
    const isSign = token.kind === "sign";
    if (isSign && token.text === ",") this.at += 1;
    else if (!isSign || token.text !== CLOSED_BY[open.text]) {
      throw new PasteRefusal(
        `a comma or '${CLOSED_BY[open.text]}' is missing before ${quoted(token)}.`,
        token.line,
      );
    }
  }

  private closes(open: Token): boolean {
    const token = this.peek();
    if (token.kind === "end") {
      throw new PasteRefusal(
        `'${open.text}' is not closed: '${CLOSED_BY[open.text]}' is missing.`,
        open.line,
      );
    }
    if (token.kind !== "sign" || token.text !== CLOSED_BY[open.text]) return false;
    this.at += 1;
    return true;
  }

  private peek(): Token {
    return this.tokens[Math.min(this.at, this.tokens.length - 1)];
  }

  private next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }
}

function numberOf(token: Token): Literal {
  const bare = token.text.replace(/_/g, "");
  const value = Number(bare);
  if (!Number.isFinite(value))
    throw new PasteRefusal(`${token.text} is no number that a search can use.`, token.line);
  return { type: "number", value, whole: /^[+-]?\d+$/.test(bare), line: token.line };
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_all, letter: string) => ESCAPES[letter] ?? letter);
}

function quoted(token: Token): string {
  return token.kind === "end" ? "the end" : `'${token.text}'`;
}
