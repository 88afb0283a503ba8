import { describe, expect, it } from "vitest";
import { placeWords } from "@/app/place_words";
import { KINDS } from "@/test_kinds";

const kind = (type: string) => KINDS.find((each) => each.type === type);

describe("placeWords", () => {
  it("names values as the panel does, through branches too", () => {
    const tuning = kind("hyperparameter_tuning");
    expect(placeWords(["data", "config", "budget", "max_trials"], tuning)).toBe("Budget › Candidates");
    expect(placeWords(["data", "config", "params", "C"], kind("model"))).toBe("Parameters › C");
    expect(placeWords(["data", "label"], tuning)).toBe("Name");
  });

  it("keeps keys that no schema knows", () => {
    expect(placeWords(["data", "config", "a", "b"], undefined)).toBe("a › b");
    expect(placeWords(["data", "own", "x"], undefined)).toBe("own › x");
    expect(placeWords([], undefined)).toBe("");
  });
});
