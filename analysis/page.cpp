#include "analysis/page.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "analysis/document.hpp"
#include "analysis/html.hpp"
#include "analysis/numbers.hpp"
#include "scenarios/sha256.hpp"
#include "sim/expects.hpp"

namespace tl {
namespace {

using Json = nlohmann::ordered_json;

std::string base64(std::span<const unsigned char> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // and a 0 that OpenSSL adds
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

/// The policy names the one script that may run by its digest.
std::string digest_of_script(std::string_view script) {
  const std::string hex = sha256_hex(std::as_bytes(std::span{script.data(), script.size()}));
  std::vector<unsigned char> bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<unsigned char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return "sha256-" + base64(bytes);
}

std::string head(const std::string& title, const PageAssets& assets) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
         "script-src '" +
         digest_of_script(assets.script) + "'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
         escaped(title) + "</title>\n<style>" + std::string{assets.style} + "</style>\n</head>\n";
}

std::string paragraph(const std::string& text, const std::string& of_class = "") {
  return "<p" + (of_class.empty() ? "" : " class=\"" + of_class + "\"") + ">" + html_number(text) + "</p>\n";
}

std::string finding(const Json& document) {
  std::string html = "<section class=\"finding\" id=\"finding\" aria-label=\"Finding\">\n";
  for (const Json& one : document["findings"])
    html += paragraph(one["text"].get<std::string>(), one["clear"].get<bool>() ? "" : "unclear");
  for (const Json& caution : document["cautions"]) html += paragraph(caution.get<std::string>(), "caution");
  return html + "</section>\n";
}

/// "80.2 (78.1 to 82.3)", or why there is none.
std::string estimate_text(const Json& estimate) {
  if (estimate.is_null()) return "";
  if (estimate[0].is_null()) return estimate[5].get<std::string>();
  const int decimals = estimate[3].get<int>();
  std::string text = shown(estimate[0].get<double>(), decimals);
  if (!estimate[1].is_null())
    text +=
        " (" + shown(estimate[1].get<double>(), decimals) + " to " + shown(estimate[2].get<double>(), decimals) + ")";
  return text;
}

/// The main table for who reads where no script runs, such as a mail program's preview.
std::string plain_table(const Json& document) {
  std::string html =
      "<noscript>\n<p>The charts and the explorer need a browser that runs scripts. The main results are:</p>\n"
      "<table><caption>Mean over replications with its " +
      shown(document["confidence"].get<double>(), 0) + "% interval</caption><thead><tr><th scope=\"col\">Measure</th>";
  for (const Json& scenario : document["scenarios"])
    html += "<th scope=\"col\">" + escaped(scenario["name"].get<std::string>()) + "</th>";
  html += "<th scope=\"col\">Unit</th></tr></thead><tbody>\n";
  for (const Json& table : document["tables"])
    for (const Json& group : table["groups"]) {
      if (table["id"] != "headline") continue;
      for (const Json& row : group["rows"]) {
        html += "<tr><th scope=\"row\">" + escaped(group["words"].get<std::string>()) + "</th>";
        for (const Json& value : row["values"]) html += "<td>" + html_number(estimate_text(value)) + "</td>";
        html += "<td>" + escaped(group["unit"].get<std::string>()) + "</td></tr>\n";
      }
    }
  return html + "</tbody></table>\n</noscript>\n";
}

std::string footer(const Json& document) {
  std::string html = "<footer><p>Study " + escaped(document["study"].get<std::string>()) + ". Results from " +
                     escaped(document["start"].get<std::string>()) + ". Seed " + document["seed"].get<std::string>() +
                     ", " + std::to_string(document["planned"].get<std::uint32_t>()) +
                     " replications a scenario. Throughline " + escaped(document["program"].get<std::string>()) +
                     ", engine " + escaped(document["engine"].get<std::string>()) + ".</p>\n<p>";
  for (const Json& scenario : document["scenarios"])
    html += "<span class=\"digest\">" + escaped(scenario["id"].get<std::string>()) + ": " +
            escaped(scenario["digest"].get<std::string>().substr(0, 12)) + "</span> ";
  return html + "</p></footer>\n";
}

}  // namespace

std::string packed(const std::string& text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::vector<unsigned char> bytes(size);
  const int done = compress2(bytes.data(), &size, reinterpret_cast<const unsigned char*>(text.data()),
                             static_cast<uLong>(text.size()), 6);
  TL_EXPECTS(done == Z_OK);
  return base64({bytes.data(), size});
}

std::string results_page(const StudyResults& study, const PageAssets& assets, const PageOptions& options) {
  const Json document = report_document(study, options.confidence);
  const std::string title = document["title"].get<std::string>(), about = document["about"].get<std::string>();
  return head(title, assets) +
         "<body>\n<a class=\"skip\" href=\"#main\">Skip to the results</a>\n<header><p class=\"eyebrow\">"
         "Care-continuum capacity study: " +
         escaped(document["study"].get<std::string>()) + "</p>\n<h1>" + escaped(title) + "</h1>\n" +
         (about.empty() ? "" : "<p class=\"about\">" + escaped(about) + "</p>\n") +
         "</header>\n<main id=\"main\" tabindex=\"-1\">\n" + finding(document) + "<div id=\"parts\"></div>\n" +
         plain_table(document) + "</main>\n" + footer(document) +
         "<script type=\"application/octet-stream\" id=\"document\">" + packed(document.dump()) +
         "</script>\n<script>" + std::string{assets.script} + "</script>\n</body>\n</html>\n";
}

}  // namespace tl
