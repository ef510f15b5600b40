#pragma once
#include <string>
#include <vector>

#include "analysis/tables.hpp"

namespace tl {

/// For people: aligned columns, numbers rounded as their interval allows.
std::string to_text(const ResultTable& table);

/// For spreadsheets: RFC 4180, one heading line, numbers exact. A text that a spreadsheet would take for a formula (it
/// begins with = + - @, a tab or a return) gets an apostrophe before it.
std::string to_csv(const ResultTable& table);

/// For programs: docs/file-formats.md describes it. Numbers exact; null where there is none.
std::string to_json(const ResultTable& table);

/// Lines of cells as columns of one width, two spaces between them. @param right  columns that stand to the right
std::string aligned(const std::vector<std::vector<std::string>>& lines, const std::vector<bool>& right);

/// One CSV cell of text.
std::string csv_cell(const std::string& text);

/// A scope in words: "Crisis unit", "level 3", "whole system".
std::string subject_text(const ResultRow& row);

/// The measure in words, with the subject in them where it is no setting or group of settings: "clients who left:
/// died", "crisis, times a year", "days in community settings".
std::string measure_text(const ResultRow& row);

}  // namespace tl
