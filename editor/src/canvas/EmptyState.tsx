import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { type ExamplePipeline, useExamples } from "@/api/queries";
import { openExample } from "@/graph/pipeline_actions";
import { strings } from "@/strings";

const words = strings.canvas.empty;

/** What an empty canvas teaches: three steps, and examples one click away. */
export default function EmptyState() {
  return (
    <Box
      sx={{
        position: "absolute",
        inset: 0,
        display: "grid",
        placeItems: "center",
        p: 3,
        pointerEvents: "none",
      }}
    >
      <Stack spacing={3} sx={{ maxWidth: 720, alignItems: "center", textAlign: "center" }}>
        <Typography variant="h1" component="h2">
          {words.title}
        </Typography>
        <Box
          component="ol"
          sx={{
            m: 0,
            p: 0,
            listStyle: "none",
            display: "flex",
            flexWrap: "wrap",
            gap: 2,
            justifyContent: "center",
          }}
        >
          {words.steps.map(([name, text], index) => (
            <Step key={name} number={index + 1} name={name} text={text} />
          ))}
        </Box>
        <Examples />
      </Stack>
    </Box>
  );
}

function Step({ number, name, text }: { number: number; name: string; text: string }) {
  return (
    <Box component="li" sx={{ width: 210 }}>
      <Box
        aria-hidden
        sx={{
          mx: "auto",
          mb: 1,
          width: 28,
          height: 28,
          borderRadius: "50%",
          display: "grid",
          placeItems: "center",
          bgcolor: "primary.main",
          color: "primary.contrastText",
          fontWeight: 700,
        }}
      >
        {number}
      </Box>
      <Typography variant="h3" component="h3">
        {name}
      </Typography>
      <Typography variant="body2" color="text.secondary" sx={{ mt: 0.5 }}>
        {text}
      </Typography>
    </Box>
  );
}

function Examples() {
  const examples = useExamples();
  return (
    <Stack spacing={1} sx={{ alignItems: "center" }}>
      <Typography variant="body2" color="text.secondary">
        {examples.isError ? words.examplesFailed : words.examples}
      </Typography>
      <Stack direction="row" sx={{ flexWrap: "wrap", gap: 1, justifyContent: "center" }}>
        {(examples.data ?? []).map((example) => (
          <ExampleButton key={example.id} example={example} />
        ))}
      </Stack>
    </Stack>
  );
}

function ExampleButton({ example }: { example: ExamplePipeline }) {
  return (
    <Button
      variant="outlined"
      title={example.description}
      sx={{ pointerEvents: "auto", bgcolor: "background.paper" }}
      onClick={() => void openExample(example)}
    >
      {example.name}
    </Button>
  );
}
