#pragma once

#include <array>

#include "models/messages.hpp"

namespace tl {

/// What can be wrong with files, rows, units, numbers, formulas and parameters.
inline constexpr auto kCarrierMessages = std::to_array<MessageKind>({
    {"file-missing", "no file or folder has that name"},
    {"file-kind", "a folder, device or pipe stands where a file is due, or a folder has no model.toml"},
    {"file-unreadable", "the system does not let the file be read"},
    {"file-large", "a file is larger than the limit"},
    {"file-outside", "a link leads out of the model's folder"},
    {"file-count", "a model has more files than the limit"},
    {"file-sheet", "a spreadsheet in its own format lies in a model's folder"},
    {"text-encoding", "a file is not UTF-8"},
    {"text-nul", "a file holds a NUL byte"},
    {"text-direction", "a name holds marks that turn the direction of writing"},
    {"toml-syntax", "the TOML cannot be read"},
    {"toml-duplicate", "a key stands twice"},
    {"nesting-deep", "tables and lists are nested beyond the limit"},
    {"name-bad", "a name is empty, too long, or holds a control character"},
    {"row-duplicate", "two rows of a table have one id"},
    {"row-stray", "a value stands where a row of a table is due"},
    {"table-twice", "a table stands in two places"},
    {"table-rows", "a table has more rows than the limit"},
    {"table-columns", "a table has more columns than the limit"},
    {"csv-quote", "a quoted cell is not closed, or text follows its closing quote"},
    {"csv-heading", "a column has values but no heading, or a heading cannot be read"},
    {"csv-duplicate", "two columns have one heading, or one is within the other"},
    {"csv-cell", "a cell holds more than one list or table"},
    {"number-bad", "a text is no number"},
    {"number-comma", "a number is written with a comma"},
    {"number-nan", "a number is NaN or infinite"},
    {"number-size", "a number is too large or too small to be held"},
    {"number-digits", "a number has more digits than can be held"},
    {"number-base", "a number is hexadecimal, octal or binary"},
    {"number-kind", "a list, table or truth value stands where a number is due"},
    {"number-range", "a number is outside its range"},
    {"number-whole", "a number should be whole"},
    {"unit-missing", "a bare number stands where a unit is due"},
    {"unit-unknown", "a unit is not known"},
    {"unit-mismatch", "a quantity has another dimension than its field or its unit"},
    {"formula-syntax", "a formula cannot be read"},
    {"formula-unknown", "a formula names no known parameter"},
    {"formula-units", "the units within a formula do not fit"},
    {"formula-value", "a formula has no finite value"},
    {"parameter-id", "a parameter's id is no plain name, or is a word of units"},
    {"parameter-value", "a parameter has no value"},
    {"parameter-kind", "a parameter's kind is none of sourced, recalled, assumption"},
    {"parameter-range", "a parameter's value is not within its low and high"},
    {"parameter-cycle", "parameters are computed from each other in a circle"},
});

}  // namespace tl
