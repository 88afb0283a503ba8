// Watches JSON Forms at work: a text reaches its document 300 ms after the last key, and the document reaches the
// page a little later still. The form itself stays as it is: its middleware and its change event are read along.
const seen = { form: undefined, page: undefined };

export function watched(library) {
  const { JsonForms } = library;
  const middleware = (state, action, reduce) => {
    const next = reduce(state, action);
    seen.form = next.data;
    return next;
  };
  const Watched = (props) => {
    seen.page = props.data;
    return <JsonForms {...props} middleware={middleware} />;
  };
  return { ...library, JsonForms: Watched };
}

// The page holds what the form holds.
export const still = () => seen.form === seen.page;

// The page holds what was typed at this place.
export function holds(path, text) {
  const value = path.split("/").reduce((at, step) => at?.[step], seen.page);
  return text === "" ? value === undefined : String(value) === text || (typeof value === "number" && value === Number(text));
}
