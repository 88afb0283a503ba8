import CssBaseline from "@mui/material/CssBaseline";
import { ThemeProvider } from "@mui/material/styles";
import { QueryClientProvider } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { Router } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { queryClient } from "@/api/queries";
import Shell from "@/app/Shell";
import { theme } from "@/theme";

/** The whole editor. */
export default function App() {
  return (
    <ThemeProvider theme={theme} defaultMode="system" modeStorageKey="hpt-colour-scheme" noSsr>
      <CssBaseline />
      <QueryClientProvider client={queryClient}>
        <Router hook={useHashLocation}>
          <ReactFlowProvider>
            <Shell />
          </ReactFlowProvider>
        </Router>
      </QueryClientProvider>
    </ThemeProvider>
  );
}
