#pragma once
#include <string>
#include <string_view>

#include "analysis/results_file.hpp"

namespace tl {

/// What a browser runs: made of apps/web when the program is built.
struct PageAssets {
  std::string_view script, style;
};

struct PageOptions {
  double confidence = 0.95;
};

/// The report as one HTML page, from the stored results alone: the finding as plain HTML, and report_document() with
/// the script that shows it. It asks for nothing from elsewhere, and its policy forbids it to; the same results give
/// the same bytes.
/// @throws QueryError  when a metric of the model names something that is not there
std::string results_page(const StudyResults& study, const PageAssets& assets, const PageOptions& options = {});

/// The document as the page carries it: deflate (RFC 1950), then base64.
std::string packed(const std::string& text);

}  // namespace tl
