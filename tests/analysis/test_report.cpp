#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/document.hpp"
#include "analysis/finding.hpp"
#include "analysis/html.hpp"
#include "analysis/numbers.hpp"
#include "analysis/page.hpp"
#include "analysis/table_text.hpp"
#include "analysis/tables.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/catch.hpp"

using namespace tl;

namespace {

const std::string kEvil = "<script>alert('x')</script>\" onload=\"=cmd()\n\x1b[31m";

/// Every name and text a model or study can bring, made hostile.
StudyResults evil_study() {
  StudyResults study = made::study(3);
  study.study_name = study.about = kEvil;
  for (ScenarioResults& scenario : study.scenarios) {
    scenario.name = scenario.about = kEvil;
    scenario.changes = {kEvil};
    Catalogue& words = scenario.words;
    words.model_name = words.about = words.start_date = kEvil;
    for (SettingWords& setting : words.settings) setting.name = setting.department = kEvil;
    for (std::string& name : words.department_names) name = kEvil;
    words.departments = {kEvil, kEvil + "2"};
    for (std::string& name : words.reasons) name = kEvil;
    for (ParameterWords& parameter : words.parameters) {
      parameter.id = parameter.unit = kEvil;
      parameter.provenance = {kEvil, kEvil, kEvil};
    }
    words.metrics[0].words = kEvil;
    words.findings = {kEvil};
    words.period_names = {kEvil, kEvil};
  }
  return study;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

ResultRow row_with(double low, double high) {
  ResultRow row;
  row.scenario_name = "More beds";
  row.words = "average wait";
  row.scope = "model";
  row.unit = "days";
  row.good = "lower";
  row.target = std::nan("");
  row.value = {(low + high) / 2.0, low, high, 20, ""};
  row.base = {80.0, 79.0, 81.0, 20, ""};
  return row;
}

}  // namespace

TEST_CASE("a table holds what the intervals say") {
  const StudyResults study = made::study(8);
  TableQuery query;
  query.metric = {"ward_queue"};
  query.versus = "baseline";
  const ResultTable table = make_table(study, query);
  REQUIRE(table.rows.size() == 1);
  std::vector<double> differences;
  for (std::uint32_t i = 0; i < 8; ++i) differences.push_back(-2.0 + 0.25 * (i % 3));
  const Estimate expected = estimate_of(differences);
  CHECK(table.rows[0].value.mean == Approx(expected.mean));
  CHECK(*table.rows[0].value.low == Approx(*expected.low));
  CHECK(table.rows[0].words == "average number waiting for the ward");
  CHECK(table.rows[0].base.mean == Approx(9.5));
}

TEST_CASE("only replications that both scenarios have are compared") {
  StudyResults study = made::study(4);
  study.scenarios[1].numbers = {0, 2, 3};
  study.scenarios[1].replications.held().erase(study.scenarios[1].replications.begin() + 1);
  TableQuery query;
  query.metric = {"ward_queue"};
  query.versus = "baseline";
  const ResultTable table = make_table(study, query);
  CHECK(table.rows.at(0).value.count == 3);
  REQUIRE(table.notes.size() == 2);
  CHECK_THAT(table.notes[0], Catch::Contains("more_beds: 3 of 4"));
  CHECK_THAT(table.notes[1], Catch::Contains("3 replications: with fewer than 10, intervals are rough"));
}

TEST_CASE("filters choose rows, and unknown names get a suggestion") {
  const StudyResults study = made::study(2);
  TableQuery query;
  query.table = "census";
  query.setting = {"ward"};
  query.scenario = {"more_beds"};
  for (const ResultRow& row : make_table(study, query).rows) {
    CHECK(row.subject == "ward");
    CHECK(row.scenario == "more_beds");
  }
  query.setting = {"wrd"};
  CHECK_THROWS_WITH(make_table(study, query), Catch::Contains("unknown setting \"wrd\"") && Catch::Contains("ward"));
  query = {};
  query.metric = {"wait_meen"};
  CHECK_THROWS_WITH(make_table(study, query), Catch::Contains("wait_mean"));
  query = {};
  query.versus = "base";
  CHECK_THROWS_WITH(make_table(study, query), Catch::Contains("unknown scenario \"base\""));
  query = {};
  query.table = "cash";
  CHECK_THROWS_WITH(make_table(study, query), Catch::Contains("unknown table"));
}

TEST_CASE("every table can be made, also by period") {
  const StudyResults study = made::study(3);
  TableQuery of_staff;  // of models with staff: see test_staff_tables.cpp
  of_staff.table = "staff";
  CHECK_THROWS_WITH(make_table(study, of_staff), Catch::Contains("has no staff"));
  for (const std::string& name : result_tables_of(study)) {
    TableQuery query;
    query.table = name;
    CHECK_FALSE(make_table(study, query).rows.empty());
    query.by_period = ByPeriod::month;
    const ResultTable table = make_table(study, query);
    CHECK_FALSE(table.rows.empty());
    for (const ResultRow& row : table.rows) CHECK((row.when == "2020-07" || row.when == "2020-08"));
  }
}

TEST_CASE("outcomes asked for of a setting or department are its waits and census") {
  const StudyResults study = made::study(3);
  TableQuery query;
  query.setting = {"ward"};
  ResultTable table = make_table(study, query);
  CHECK(table.name == "waits and census");
  std::set<std::string> measures;
  for (const ResultRow& row : table.rows) {
    CHECK(row.subject == "ward");
    measures.insert(row.measure);
  }
  CHECK(measures.contains("queue_mean"));
  CHECK(measures.contains("census_mean"));
  query.metric = {"arrived"};
  CHECK_THAT(to_text(make_table(study, query)), Catch::Contains("nothing to show") && Catch::Contains("--table waits"));
}

TEST_CASE("reasons, events, outcomes and groups of settings are named in the measure") {
  const auto [measure, scope, subject, text] = GENERATE(table<std::string, std::string, std::string, std::string>(
      {{"exits", "reason", "out_of_contact", "clients who left: out of contact"},
       {"events_per_year", "event", "crisis", "crisis, times a year"},
       {"outcome_count", "outcome", "crises", "crises counted"},
       {"client_days", "domain", "community", "days in community settings"},
       {"client_days", "level", "level 3", "days in settings of level 3"},
       {"client_days", "setting", "ward", "average wait"}}));
  ResultRow row = row_with(1.0, 2.0);
  row.measure = measure;
  row.scope = scope;
  row.subject = subject;
  CHECK(measure_text(row) == text);
}

TEST_CASE("outcomes of zeros only are left out of the text, and kept elsewhere") {
  StudyResults study = made::study(3);
  for (ScenarioResults& scenario : study.scenarios)
    for (ReplicationResult& run : scenario.replications) run.reasons = {5.0, 0.0, 5.0, 0.0};
  TableQuery query;
  ResultTable table = make_table(study, query);
  CHECK_THAT(to_text(table), Catch::Contains("clients who left: recovered") && !Catch::Contains("who left: moved") &&
                                 Catch::Contains("rows of zeros only"));
  CHECK_THAT(to_csv(table), Catch::Contains(",moved,"));
  query.metric = {"exits"};  // what is asked for by name is shown
  CHECK_THAT(to_text(make_table(study, query)), Catch::Contains("who left: moved"));
  study.scenarios[1].replications[0].reasons[3] = 1.0;  // in one scenario and period: shown in all
  table = make_table(study, {});
  CHECK(count_of(to_text(table), "who left: moved") == 2);
}

TEST_CASE("CSV quotes, and never hands a spreadsheet a formula") {
  const auto [text, cell] = GENERATE(table<std::string, std::string>({{"plain", "plain"},
                                                                      {"a,b", "\"a,b\""},
                                                                      {"say \"x\"", "\"say \"\"x\"\"\""},
                                                                      {"=1+1", "'=1+1"},
                                                                      {"+1", "'+1"},
                                                                      {"-1", "'-1"},
                                                                      {"@sum", "'@sum"},
                                                                      {"\tx", "'\tx"},
                                                                      {"=a,b", "\"'=a,b\""},
                                                                      {"two\nlines", "\"two\nlines\""}}));
  CHECK(csv_cell(text) == cell);
}

TEST_CASE("JSON and CSV hold every number exactly") {
  const StudyResults study = made::study(4);
  const ResultTable table = make_table(study, {});
  const nlohmann::json json = nlohmann::json::parse(to_json(table));
  CHECK(json.at("seed") == 7);
  CHECK(json.at("program_version") == "0.1.0");
  REQUIRE(json.at("rows").size() == table.rows.size());
  const std::string csv = to_csv(table);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    CHECK(json.at("rows")[i].at("estimate").get<double>() == table.rows[i].value.mean);
    CHECK(json.at("rows")[i].at("low").get<double>() == *table.rows[i].value.low);
    CHECK(count_of(csv, ',' + exact(table.rows[i].value.mean) + ',') >= 1);
  }
  CHECK(count_of(csv, "\r\n") == table.rows.size() + 1);
}

TEST_CASE("evil names stay text in every writer") {
  const StudyResults study = evil_study();
  const std::string html = results_page(study, {"script", "style"});
  CHECK(count_of(html, "<script") == 2);  // the document and the page's own
  CHECK(count_of(html, "onload=\"=cmd") == 0);
  CHECK(count_of(html, "\x1b") == 0);
  CHECK(count_of(html, "&lt;script&gt;") >= 6);
  const std::string document = report_document(study).dump();
  CHECK(count_of(document, "\\u001b") == 0);
  CHECK(count_of(document, "\xEF\xBF\xBD") > 20);  // the escape of a terminal, replaced
  const ResultTable table = make_table(study, {});
  CHECK(count_of(to_text(table), "\x1b") == 0);
  const std::string json = to_json(table);
  CHECK(nlohmann::json::parse(json).at("rows")[0].at("words") == kEvil);
}

TEST_CASE("a name that is no UTF-8 or turns the reading direction is shown with replacement signs") {
  CHECK(escaped("a\xFFz") == "a\xEF\xBF\xBDz");
  CHECK(escaped("\xC3\xA9t\xC3\xA9 \xE2\x82\xAC") == "\xC3\xA9t\xC3\xA9 \xE2\x82\xAC");
  CHECK(escaped("x\xE2\x80\xAEy") == "x\xEF\xBF\xBDy");
  CHECK(escaped("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(escaped("\xED\xA0\x80").find("\xED") == std::string::npos);
}

TEST_CASE("a finding names a direction only where the interval excludes none") {
  const std::string falls = difference_sentence(row_with(-16.0, -8.0));
  CHECK(falls ==
        "With \"More beds\", the average wait falls by 12.0 days (95% interval 8.0 to 16.0) from 80.0 days, over 20 "
        "replications. This is an improvement.");
  CHECK_THAT(difference_sentence(row_with(8.0, 16.0)),
             Catch::Contains("rises by 12.0 days") && Catch::Contains("worsening"));
  for (const auto& [low, high] : {std::pair{-16.0, 8.0}, std::pair{-1.0, 0.0}, std::pair{0.0, 1.0}}) {
    const std::string text = difference_sentence(row_with(low, high));
    CHECK_THAT(text, Catch::Contains("does not clearly change") && Catch::Contains("may be chance"));
    for (const char* word : {"falls", "rises", "improve", "worsen"}) CHECK(text.find(word) == std::string::npos);
  }
  CHECK_THAT(difference_sentence(row_with(0.0, 0.0)), Catch::Contains("is the same as before"));
  ResultRow one = row_with(0.0, 0.0);
  one.value = {-3.0, {}, {}, 1, "one replication"};
  CHECK_THAT(difference_sentence(one), Catch::Contains("too few"));
}

TEST_CASE("a metric without a good direction has no verdict; one without words names its subject") {
  ResultRow row = row_with(-16.0, -8.0);
  row.good = "";
  row.target = 70.0;
  const std::string text = difference_sentence(row);
  CHECK(text.ends_with("over 20 replications."));
  CHECK(value_sentence(row).find("target") == std::string::npos);
  const StudyResults study = made::study(3);
  MetricWords metric = study.scenarios[0].words.metrics[0];
  CHECK(row_words(make_row(study.scenarios[0], nullptr, metric, 0.95)) == "average number waiting for the ward");
  metric.words.clear();
  const std::string words = row_words(make_row(study.scenarios[0], nullptr, metric, 0.95));
  CHECK_THAT(words, Catch::StartsWith("average number waiting, "));
}

TEST_CASE("a target is met, not met, or not known") {
  ResultRow row = row_with(58.0, 62.0);
  const auto [target, says] =
      GENERATE(table<double, std::string>({{70.0, "is met."}, {50.0, "is not met."}, {60.0, "cannot tell"}}));
  row.target = target;
  CHECK_THAT(value_sentence(row), Catch::Contains(says));
}

TEST_CASE("the page stands alone, and tells the main results without a script") {
  const StudyResults study = made::study(3);
  const std::string html = results_page(study, {"script", "style"});
  for (const char* part : {"http://", "https://", "<link", "<img", "@import", "url("}) {
    CAPTURE(part);
    CHECK(count_of(html, part) == 0);
  }
  for (const char* part :
       {"<main ", "lang=\"en\"", "<h1>", "<caption>", "Skip to the results", "Seed 7", "aaaaaaaaaaaa", "<noscript>"}) {
    CAPTURE(part);
    CHECK(count_of(html, part) >= 1);
  }
  for (const ScenarioResults& scenario : study.scenarios) {
    const Estimate value = make_row(scenario, nullptr, lead_metric(study), 0.95).value;
    CHECK(count_of(html, "<td>" + html_number(shown(value)) + "</td>") == 1);
  }
  for (const char* tag : {"section", "table", "tr", "td", "th", "p", "main", "header", "noscript"}) {
    CAPTURE(tag);
    const std::string name{tag};
    CHECK(count_of(html, "<" + name + ">") + count_of(html, "<" + name + " ") == count_of(html, "</" + name + ">"));
  }
}
