import { customizeValidator } from "@rjsf/validator-ajv8";
import Ajv2020 from "ajv/dist/2020";

/** Finds the branches of saved data; what is wrong with them the server says, with sentences and remedies. */
export const validator = customizeValidator({
  AjvClass: Ajv2020,
  ajvOptionsOverrides: { discriminator: true },
});
