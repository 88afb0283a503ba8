import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { Report } from "@/api/documents";
import { strings } from "@/strings";

const words = strings.run.parameters;

/** What mattered, as bars; or in a sentence why that is not known. */
export default function Importances({ importances }: { importances: Report["importances"] }) {
  const values = importances.values ?? [];
  return (
    <section>
      <Typography variant="h3">{words.importance}</Typography>
      <Typography variant="body2" color="text.secondary">
        {values.length > 0 ? `${words.importanceHelp} ${importances.sentence}` : importances.sentence}
      </Typography>
      <Box component="ul" sx={{ listStyle: "none", p: 0, m: 0, mt: 0.5 }}>
        {values.map(({ parameter, importance }) => (
          <Bar key={parameter} name={parameter} share={importance} />
        ))}
      </Box>
    </section>
  );
}

function Bar({ name, share }: { name: string; share: number }) {
  const percent = Math.round(share * 100);
  return (
    <Box
      component="li"
      sx={{
        display: "grid",
        gridTemplateColumns: "minmax(90px, 30%) 1fr 48px",
        gap: 1,
        alignItems: "center",
      }}
    >
      <Typography variant="body2" noWrap title={name}>
        {name}
      </Typography>
      <Box aria-hidden sx={{ height: 12, bgcolor: "action.hover", borderRadius: 1 }}>
        <Box
          sx={{ width: `${percent}%`, minWidth: 2, height: 1, bgcolor: "primary.main", borderRadius: 1 }}
        />
      </Box>
      <Typography variant="body2" sx={{ textAlign: "right", fontVariantNumeric: "tabular-nums" }}>
        {percent} %
      </Typography>
    </Box>
  );
}
