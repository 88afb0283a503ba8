import type { Finding } from "@/api/documents";
import { signedIn, useSession } from "@/api/session";

/** What the server refused or could not do (RFC 9457), or that it did not answer: status 0, code "unreachable". */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly pointer: string | null;
  readonly findings: Finding[];
  readonly document: Record<string, unknown>;

  constructor(status: number, document: Record<string, unknown>) {
    const detail = textOf(document.detail) ?? textOf(document.title) ?? `The server answered ${status}.`;
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = textOf(document.code) ?? "unexpected";
    this.detail = detail;
    this.pointer = textOf(document.pointer);
    this.findings = Array.isArray(document.findings) ? (document.findings as Finding[]) : [];
    this.document = document;
  }
}

/** An answer with what its headers say. */
export interface Answer<T> {
  body: T;
  etag: string | null;
  status: number;
  headers: Headers;
}

/** What a request carries. */
export interface AskOptions {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const NOT_SIGNED_IN = 401;
const UNREACHABLE = "The server does not answer. Check that it is running; what you did here is kept.";

/** Ask the API; every refusal is thrown as a Problem, but for 401: then it is asked again once somebody signed in. */
export async function ask<T>(path: string, options: AskOptions = {}): Promise<Answer<T>> {
  const response = await answered(path, options);
  const body = await documentOf(response);
  return {
    body: body as T,
    etag: response.headers.get("ETag"),
    status: response.status,
    headers: response.headers,
  };
}

/** Ask for a file, whose bytes are returned with its name. Links carry no token, so files are asked for, too. */
export async function askFile(path: string): Promise<{ content: Blob; name: string }> {
  const response = await answered(path, { headers: { Accept: "*/*" } });
  if (!response.ok) await documentOf(response);
  const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
  return { content: await response.blob(), name: named?.[1] ?? "download" };
}

/** Say why a token lets nobody in, or null when it does. */
export async function refusalOf(token: string): Promise<string | null> {
  try {
    const response = await sent("/pipelines?limit=1", {}, token);
    if (response.status === NOT_SIGNED_IN) await documentOf(response);
    return null;
  } catch (error) {
    if (error instanceof Problem) return error.detail;
    throw error;
  }
}

/** The absolute address of a path of the API, below whatever prefix this page was served at. */
export function urlOf(path: string): string {
  return new URL(path.replace(/^\/+/, ""), document.baseURI.replace(/[?#].*$/, "")).href;
}

async function answered(path: string, options: AskOptions): Promise<Response> {
  for (;;) {
    const { token } = useSession.getState();
    const response = await sent(path, options, token);
    if (response.status !== NOT_SIGNED_IN) return response;
    // Somebody may have signed in while this was on its way.
    if (token === useSession.getState().token) await signedIn(options.signal);
  }
}

async function documentOf(response: Response): Promise<unknown> {
  const body = await read(response);
  if (!response.ok) throw new Problem(response.status, isObject(body) ? body : {});
  return body;
}

async function sent(path: string, options: AskOptions, token: string | null): Promise<Response> {
  const carries = options.body !== undefined;
  try {
    return await fetch(urlOf(path), {
      method: options.method ?? (carries ? "POST" : "GET"),
      body: carries ? JSON.stringify(options.body) : undefined,
      headers: {
        Accept: "application/json",
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(carries ? { "Content-Type": "application/json" } : {}),
        ...options.headers,
      },
      signal: options.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, { code: "unreachable", detail: UNREACHABLE });
  }
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    // Something between us and the server answered with a page of its own.
    return { detail: `The server answered ${response.status} without a document.` };
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value ? value : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
