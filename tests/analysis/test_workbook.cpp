#include <algorithm>
#include <regex>
#include <set>

#include "analysis/workbook.hpp"
#include "analysis/workbook_file.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/analysis/small_studies.hpp"
#include "tests/analysis/trace_back.hpp"
#include "tests/analysis/zip.hpp"
#include "tests/catch.hpp"

using namespace tl;
using namespace tl::test;

namespace {

using Members = std::map<std::string, std::string>;

/// Names of the sheets in their order: the first is in sheet1.xml.
std::vector<std::string> sheet_names(const Members& members) {
  std::vector<std::string> names;
  const std::string& book = members.at("xl/workbook.xml");
  static const std::regex sheet{"<sheet name=\"([^\"]*)\""};
  for (std::sregex_iterator it{book.begin(), book.end(), sheet}, end; it != end; ++it) names.push_back((*it)[1]);
  return names;
}

std::string sheet_xml(const Members& members, const std::string& name) {
  const auto names = sheet_names(members);
  const auto at = std::find(names.begin(), names.end(), name);
  REQUIRE(at != names.end());
  return members.at("xl/worksheets/sheet" + std::to_string(at - names.begin() + 1) + ".xml");
}

/// The numbers of a sheet by the names of their cells; texts, which are kept elsewhere, are not among them.
std::map<std::string, double> numbers_of(const std::string& xml) {
  std::map<std::string, double> numbers;
  for (std::size_t at = xml.find("<c r=\""); at != std::string::npos; at = xml.find("<c r=\"", at + 1)) {
    const std::size_t end = std::min(xml.find("</c>", at), xml.find("/>", at));
    const std::string cell = xml.substr(at, end - at);
    const std::size_t value = cell.find("<v>");
    if (value == std::string::npos || cell.find(" t=\"") != std::string::npos) continue;
    numbers[cell.substr(6, cell.find('"', 6) - 6)] = std::stod(cell.substr(value + 3));
  }
  return numbers;
}

std::set<std::string> formulas_of(const Members& members) {
  std::set<std::string> formulas;
  for (const auto& [name, xml] : members)
    for (std::size_t at = xml.find("<f>"); at != std::string::npos; at = xml.find("<f>", at + 1))
      formulas.insert(xml.substr(at + 3, xml.find("</f>", at) - at - 3));
  return formulas;
}

bool is_close(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
}

}  // namespace

TEST_CASE("every number of a workbook is the one of results.h5, and stands in its cell") {
  const auto make = GENERATE(&money_study, &staff_study, &equity_study, &policies_study);
  const StudyResults study = make();
  CAPTURE(study.study_name);
  const Workbook workbook = make_workbook(study);
  const Members members = unzipped(workbook.bytes);
  CHECK(workbook.numbers.size() > 50);
  std::map<std::string, std::map<std::string, double>> sheets;
  std::size_t wrong = 0;
  for (const TracedNumber& number : workbook.numbers) {
    const std::size_t mark = number.place.find('!');
    const std::string sheet = number.place.substr(0, mark), cell = number.place.substr(mark + 1);
    if (!sheets.contains(sheet)) sheets[sheet] = numbers_of(sheet_xml(members, sheet));
    const double there = value_in_file(study, number.from);
    const bool is_right = is_close(number.value, there) || (std::isinf(there) && std::isinf(number.value));
    const bool is_shown = std::isinf(there) || (sheets[sheet].contains(cell) && is_close(sheets[sheet][cell], there));
    if (is_right && is_shown) continue;
    if (++wrong < 5)
      UNSCOPED_INFO(number.place << ": " << number.text << " of " << number.from.measure << ' ' << number.from.scope
                                 << ' ' << number.from.subject << ' ' << number.from.when << ", in the file " << there
                                 << ", in the cell "
                                 << (sheets[sheet].contains(cell) ? sheets[sheet][cell] : std::nan("")));
  }
  CHECK(wrong == 0);
}

TEST_CASE("no name from a model becomes a formula, a link or a code of a footer") {
  StudyResults study = made::study(3);
  const std::vector<std::string> evil{"=1+1",        "@x",       "-2", "+A1", "{=1+1}", "http://elsewhere",
                                      "internal:A1", "&Z&[Path]"};
  study.study_name = evil[7];
  std::size_t next = 0;
  const auto name = [&] { return evil[next++ % evil.size()]; };
  for (ScenarioResults& scenario : study.scenarios) {
    scenario.name = evil[0];
    scenario.about = scenario.id == "baseline" ? evil[3] : evil[4];
    scenario.changes = evil;
    scenario.digest = evil[7];
    scenario.words.model_name = evil[0];
    for (SettingWords& setting : scenario.words.settings) setting.name = name();
    for (std::string& department : scenario.words.department_names) department = name();
    for (std::string& reason : scenario.words.reasons) reason = name();
    scenario.words.metrics[0].words = evil[1];
    for (ParameterWords& parameter : scenario.words.parameters) {
      parameter.unit = name();
      parameter.provenance.source = name();
    }
  }
  const Members members = unzipped(make_workbook(study).bytes);
  for (const std::string& formula : formulas_of(members)) {
    CAPTURE(formula);
    CHECK(formula != "1+1");
    CHECK(std::regex_match(formula, std::regex{"[A-Z0-9$!'.:,()+*/ \\-]*|(IF|NOT|AND|ISNUMBER|INDEX|MATCH|SUM|"
                                               "Key numbers|lower|higher|better|worse|same|the|no|clear|change|too|few|"
                                               "replications|met|not|interval|cannot|tell|n/a|&lt;|&gt;|&quot;|"
                                               "[A-Z0-9$!'.:,()+*/= \\-\"])*"}));
  }
  std::string all;
  for (const auto& [file, xml] : members) all += xml;
  CHECK(all.find("hyperlink r:id") == std::string::npos);
  CHECK(all.find("Target=\"http://elsewhere") == std::string::npos);
  CHECK(members.at("xl/sharedStrings.xml").find("<t>=1+1</t>") != std::string::npos);
  CHECK(members.at("xl/sharedStrings.xml").find("<t>-2</t>") != std::string::npos);
  CHECK(sheet_xml(members, "Waits").find("Digest &amp;&amp;Z&amp;&amp;[Path]") != std::string::npos);
}

TEST_CASE("every sheet has panes that stay, a page set-up and a footer; charts say what they show") {
  const Members members = unzipped(make_workbook(money_study()).bytes);
  for (const std::string& name : sheet_names(members)) {
    CAPTURE(name);
    const std::string xml = sheet_xml(members, name);
    CHECK(xml.find("<pageSetUpPr fitToPage=\"1\"") != std::string::npos);
    CHECK(xml.find("fitToHeight=\"0\"") != std::string::npos);
    CHECK(xml.find("<pane ") != std::string::npos);
    CHECK(xml.find("Page &amp;P of &amp;N") != std::string::npos);
  }
  std::size_t charts = 0;
  const std::string& drawing = members.at("xl/drawings/drawing1.xml");
  for (std::size_t at = drawing.find("<xdr:cNvPr "); at != std::string::npos;
       at = drawing.find("<xdr:cNvPr ", at + 1)) {
    ++charts;
    CHECK(drawing.substr(at, drawing.find('>', at) - at).find("descr=\"") != std::string::npos);
  }
  CHECK(charts >= 2);
}

TEST_CASE("a workbook is the same bytes every time") {
  const StudyResults study = made::study(3);
  CHECK(make_workbook(study).bytes == make_workbook(study).bytes);
}

TEST_CASE("a table that the results cannot fill has no sheet, and the summary says why") {
  const Members plain = unzipped(make_workbook(policies_study()).bytes);
  const auto names = sheet_names(plain);
  for (const char* absent : {"Staff", "Money", "Equity"})
    CHECK(std::find(names.begin(), names.end(), absent) == names.end());
  CHECK(std::find(names.begin(), names.end(), "Policies") != names.end());
  const std::string& texts = plain.at("xl/sharedStrings.xml");
  CHECK(texts.find("the model has no costs") != std::string::npos);
  CHECK(texts.find("the model has no staff") != std::string::npos);
  CHECK(texts.find("results were not kept by group") != std::string::npos);
}

TEST_CASE("small counts stay out of a workbook") {
  const StudyResults study = equity_study();
  EquityQuery query;
  query.rows.table = "equity";
  std::size_t hidden = 0;
  for (const EquityRow& row : make_equity_table(study, query).rows) hidden += row.shown != Shown::shown ? 1 : 0;
  REQUIRE(hidden > 0);
  const Workbook workbook = make_workbook(study);  // tracing a hidden number back throws
  for (const TracedNumber& number : workbook.numbers)
    if (!number.from.trait.empty()) CHECK_NOTHROW(value_in_file(study, number.from));
  CHECK(unzipped(workbook.bytes).at("xl/sharedStrings.xml").find("suppressed: a count under 11") != std::string::npos);
}

TEST_CASE("names of sheets are cleaned, cut and made different") {
  xlsx::Book book{"t", "a", "p"};
  CHECK(book.add("a/b:c?").name() == "a b c ");
  CHECK(book.add("").name() == "Sheet");
  CHECK(book.add(std::string(40, 'x')).name().size() == 31);
  const std::string one = book.add("twice").name(), two = book.add("twice").name();
  CHECK(one == "twice");
  CHECK(two == "twice 2");
  CHECK(xlsx::name_of(xlsx::Cell{6, 27}) == "AB7");
  CHECK(xlsx::name_of(xlsx::Cell{0, 0}, true) == "$A$1");
}
