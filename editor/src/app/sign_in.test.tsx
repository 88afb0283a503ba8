import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { signIn, signOut, useSession } from "@/api/session";
import SignInDialog from "@/app/SignInDialog";
import SignOutButton from "@/app/SignOutButton";
import { strings } from "@/strings";

const words = strings.app.signIn;

function enter(token: string): void {
  fireEvent.change(screen.getByLabelText(words.token), { target: { value: token } });
  fireEvent.click(screen.getByRole("button", { name: words.yes }));
}

beforeEach(() => {
  sessionStorage.clear();
  signOut();
  useSession.setState({ isAsked: true });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("signing in", () => {
  it("shows the server's sentence for a wrong token and takes a good one", async () => {
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) =>
      new Headers(init.headers).get("Authorization") === "Bearer hpt_good"
        ? Response.json({ items: [] })
        : Response.json({ detail: "This token was revoked." }, { status: 401 }),
    );
    render(<SignInDialog />);
    enter("hpt_bad");
    expect((await screen.findByRole("alert")).textContent).toContain("This token was revoked.");
    expect(useSession.getState().token).toBeNull();
    enter("  hpt_good  ");
    await waitFor(() => expect(useSession.getState()).toEqual({ token: "hpt_good", isAsked: false }));
  });

  it("sends nothing that no header can carry", async () => {
    const fetch = vi.fn();
    vi.stubGlobal("fetch", fetch);
    render(<SignInDialog />);
    enter("hpt_ä two words");
    expect((await screen.findByRole("alert")).textContent).toContain(words.noToken);
    expect(fetch).not.toHaveBeenCalled();
  });

  it("names the command that makes a token, and shows none", () => {
    render(<SignInDialog />);
    expect(screen.getByText(words.command)).toBeTruthy();
    expect(screen.getByLabelText(words.token)).toHaveProperty("type", "password");
  });
});

describe("signing out", () => {
  it("is offered to whoever is signed in only", () => {
    const { rerender } = render(<SignOutButton />);
    expect(screen.queryByRole("button")).toBeNull();
    signIn("hpt_good");
    rerender(<SignOutButton />);
    expect(screen.getByRole("button", { name: words.out })).toBeTruthy();
  });
});
