/** Icons of the kinds, by the names that descriptors use. */
import BalanceOutlined from "@mui/icons-material/StraightenOutlined";
import CallSplit from "@mui/icons-material/CallSplit";
import CompressOutlined from "@mui/icons-material/CompressOutlined";
import ExtensionOutlined from "@mui/icons-material/ExtensionOutlined";
import FilterAltOutlined from "@mui/icons-material/FilterAltOutlined";
import OpacityOutlined from "@mui/icons-material/OpacityOutlined";
import PinOutlined from "@mui/icons-material/PinOutlined";
import PsychologyOutlined from "@mui/icons-material/PsychologyOutlined";
import TableChartOutlined from "@mui/icons-material/TableChartOutlined";
import TuneOutlined from "@mui/icons-material/TuneOutlined";
import type { SvgIconProps } from "@mui/material/SvgIcon";
import type { ComponentType } from "react";

const ICONS: Record<string, ComponentType<SvgIconProps>> = {
  table: TableChartOutlined,
  split: CallSplit,
  droplet: OpacityOutlined,
  binary: PinOutlined,
  ruler: BalanceOutlined,
  minimize: CompressOutlined,
  filter: FilterAltOutlined,
  brain: PsychologyOutlined,
  sliders: TuneOutlined,
};

/** The icon of a kind; kinds of other packages with icons of their own get a general one. */
export default function KindIcon({ name }: { name: string | undefined }) {
  const Icon = (name !== undefined && ICONS[name]) || ExtensionOutlined;
  return <Icon fontSize="small" aria-hidden />;
}
