import { createTheme } from "@mui/material/styles";

const OFF_BUT_READABLE = { opacity: 1, color: "var(--mui-palette-text-secondary)" };

/** Both colour schemes as CSS variables, so that switching draws nothing anew. Contrast: 4.5 to 1 or more. */
export const theme = createTheme({
  cssVariables: { colorSchemeSelector: "data-scheme" },
  colorSchemes: {
    light: {
      palette: {
        primary: { main: "#1d5fd1" },
        success: { main: "#1a7f37" },
        warning: { main: "#8a5a00" },
        error: { main: "#c62828" },
        background: { default: "#f4f6f9", paper: "#ffffff" },
        divider: "#dde2ea",
        text: { primary: "#1b2330", secondary: "#566176" },
      },
    },
    dark: {
      palette: {
        primary: { main: "#7fb0ff" },
        success: { main: "#5fc77f" },
        warning: { main: "#e2b04a" },
        error: { main: "#ff8a80" },
        background: { default: "#11161e", paper: "#1a212c" },
        divider: "#2e3846",
        text: { primary: "#e7ecf4", secondary: "#a7b2c3" },
      },
    },
  },
  shape: { borderRadius: 8 },
  typography: {
    fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
    fontSize: 13,
    button: { textTransform: "none", fontWeight: 600 },
    h1: { fontSize: "1.25rem", fontWeight: 650 },
    h2: { fontSize: "1.05rem", fontWeight: 650 },
    h3: { fontSize: "0.92rem", fontWeight: 650 },
  },
  components: {
    MuiButton: { defaultProps: { size: "small", disableElevation: true } },
    MuiIconButton: { defaultProps: { size: "small" } },
    MuiTextField: { defaultProps: { size: "small" } },
    MuiFormControl: { defaultProps: { size: "small" } },
    MuiSelect: { defaultProps: { size: "small" } },
    MuiInputBase: { styleOverrides: { root: { fontSize: "0.9rem" } } },
    // Entries that cannot be chosen say why: that is to be read.
    MuiMenuItem: { styleOverrides: { root: { "&.Mui-disabled": OFF_BUT_READABLE } } },
    MuiAutocomplete: {
      styleOverrides: {
        listbox: { '& .MuiAutocomplete-option[aria-disabled="true"]': OFF_BUT_READABLE },
      },
    },
    MuiAlert: { styleOverrides: { action: { "& .MuiButton-root": { whiteSpace: "nowrap" } } } },
    // As far in as the title and the content above.
    MuiDialogActions: { styleOverrides: { root: { padding: "8px 24px 16px" } } },
    MuiTooltip: { defaultProps: { arrow: true, enterDelay: 400 } },
    MuiPaper: { styleOverrides: { root: { backgroundImage: "none" } } },
    MuiCssBaseline: {
      styleOverrides: {
        "html, body, #app": { height: "100%" },
        body: { overflow: "hidden" },
        // Dialogs and menus get the focus as a whole when they open; what is in them shows it.
        ":focus-visible:not([role=dialog], [role=presentation], .MuiDialog-container, .MuiPaper-root)": {
          outline: "2px solid var(--mui-palette-primary-main)",
          outlineOffset: 2,
        },
      },
    },
  },
});
