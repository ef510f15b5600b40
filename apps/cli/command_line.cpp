#include "apps/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <limits>
#include <map>

#include "analysis/shard.hpp"
#include "analysis/sweep_tables.hpp"
#include "analysis/version.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/completion.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/terminal.hpp"
#include "models/problem.hpp"
#include "models/suggest.hpp"
#include "sim/version.hpp"

namespace tl {
namespace {

/// The parser holds what was typed as text; it becomes a request when all of it was understood.
struct Typed {
  NewRequest make;
  CheckRequest check;
  ListRequest list;
  DiffRequest diff;
  ShowRequest show;
  RunRequest run;
  MergeRequest merge;
  TraceRequest trace;
  ResultsRequest results;
  ReportRequest report;
  std::string format = "table", replications, precision, seed, threads, shard, shell, client, replication, clients,
              story_format = "text";
};

/// Values an option takes, by its name; what is not here takes any text.
std::vector<std::string> choices_of(const std::string& command, const std::string& option) {
  if (option == "--format" && command == "trace") return {"text", "csv"};
  if (option == "--format") return {"table", "csv", "json"};
  if (option == "--by-period") return {"month", "quarter", "year"};
  if (option == "--table") {
    std::vector<std::string> names = command == "list" ? list_table_names() : result_table_names();
    if (command == "results") {
      names.emplace_back("equity");
      for (const std::string& name : wide_table_names()) names.push_back(name);
    }
    return names;
  }
  return {};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
  const std::string hint = did_you_mean(word, known);
  return hint.empty() ? "There is: " + joined(known) : hint;
}

void check_choice(const std::string& option, const std::string& value, const std::vector<std::string>& choices) {
  if (value.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  throw UsageError{option + ": unknown \"" + value + "\". " + suggestion(value, choices)};
}

/// A whole number as typed. @throws UsageError  naming the option and the range
std::optional<std::uint64_t> whole_number(const std::string& option, const std::string& text, std::uint64_t least,
                                          std::uint64_t most) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped_at, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc{} || stopped_at != end || value < least || value > most)
    throw UsageError{option + ": \"" + text + "\" is no whole number from " + std::to_string(least) + " to " +
                     std::to_string(most)};
  return value;
}

Format format_of(const std::string& word) {
  return word == "csv" ? Format::csv : word == "json" ? Format::json : Format::table;
}

CLI::Option* add_format(CLI::App& command, Typed& typed) {
  return command.add_option("--format", typed.format, "table for people, csv for spreadsheets, json for programs")
      ->type_name("FORMAT")
      ->default_str("table");
}

/// An option that may be given several times, each time with one value.
void add_names(CLI::App& command, const std::string& name, std::vector<std::string>& into, const std::string& about,
               const std::string& type) {
  command.add_option(name, into, about + " (may be repeated)")
      ->type_name(type)
      ->allow_extra_args(false)
      ->expected(1, 1000);
}

void add_new(CLI::App& app, Typed& typed) {
  CLI::App* command = app.add_subcommand("new", "Write a small model to start from, or a study of a model");
  command->add_option("DIR", typed.make.folder, "The folder to make")->required()->type_name("");
  command->add_option("--study", typed.make.study, "Write a study of this model, instead of a model")
      ->type_name("MODEL");
  command->footer(
      "Nothing that is there is written over.\n\n"
      "Examples:\n  throughline new county\n  throughline new what-if --study county");
}

void add_check(CLI::App& app, Typed& typed) {
  CLI::App* command =
      app.add_subcommand("check", "Read a model or a study and tell all that is wrong, and what to expect");
  command->add_option("PATH", typed.check.path, "A model (folder or .toml file) or a study (.toml)")
      ->required()
      ->type_name("");
  command->add_flag("--strict", typed.check.strict, "Warnings count as errors");
  command->add_flag("--warmup", typed.check.warmup, "Find by pilot runs how long the model takes to settle");
  command->add_option("--svg", typed.check.svg, "With --warmup: a picture of how the slowest number settles")
      ->type_name("FILE");
  add_format(*command, typed);
  command->footer(
      "Examples:\n  throughline check models/la-county\n  throughline check study.toml --format json\n"
      "  throughline check study.toml --warmup --svg warmup.svg");
}

void add_list(CLI::App& app, Typed& typed) {
  CLI::App* command =
      app.add_subcommand("list", "List settings, parameters, metrics and scenarios: what can be turned");
  command->add_option("MODEL", typed.list.path, "A model or a study")->required()->type_name("");
  command
      ->add_option("--table", typed.list.table,
                   "Only one: settings, parameters, metrics, staff, staffing, costs, budgets, policies, levers, "
                   "scenarios, factors or measures")
      ->type_name("TABLE");
  add_format(*command, typed);
  command->footer(
      "Examples:\n  throughline list models/la-county\n"
      "  throughline list models/la-county --table parameters --format csv > parameters.csv");
}

void add_diff(CLI::App& app, Typed& typed) {
  CLI::App* command = app.add_subcommand("diff", "What differs between two models or two scenarios, in words");
  command->add_option("A", typed.diff.first, "A model or a study")->required()->type_name("");
  command->add_option("B", typed.diff.second, "Another one, or a scenario of A")->required()->type_name("");
  command->add_option("C", typed.diff.third, "A second scenario of A")->type_name("");
  command->footer(
      "Examples:\n  throughline diff models/old models/new\n  throughline diff study.toml baseline step_down");
}

void add_show(CLI::App& app, Typed& typed) {
  CLI::App* command = app.add_subcommand("show", "Draw the care network as a picture");
  command->add_option("MODEL", typed.show.path, "A model or a study")->required()->type_name("");
  command->add_option("--svg", typed.show.svg, "The file to write")->required()->type_name("FILE");
  command->footer("Example:\n  throughline show models/la-county --svg county.svg");
}

void add_run(CLI::App& app, Typed& typed) {
  CLI::App* command =
      app.add_subcommand("run", "Run every scenario and replication; the same command again goes on where it stopped");
  command->add_option("STUDY", typed.run.path, "A study, or a model as the one scenario baseline")
      ->required()
      ->type_name("");
  command->add_option("-o,--output", typed.run.folder, "Folder for the results")->type_name("DIR");
  command->add_option("--replications", typed.replications, "Runs of each scenario, instead of the study's number")
      ->type_name("N");
  command
      ->add_option("--precision", typed.precision,
                   "Run until half of each interval is under this: \"2%\" of the mean, or \"5 d\"")
      ->type_name("WIDTH");
  command->add_option("--threads", typed.threads, "Runs at a time; as many as the machine has if not said")
      ->type_name("N");
  command->add_option("--seed", typed.seed, "Where chance begins, instead of the study's seed")->type_name("N");
  add_names(*command, "--scenario", typed.run.scenarios, "Only this scenario", "NAME");
  add_names(*command, "--set", typed.run.set, "Change a number in every scenario, as settings.ID.capacity=20",
            "PATH=VALUE");
  command->add_option("--shard", typed.shard, "Only this part of the study, as 3/8; throughline merge joins them")
      ->type_name("I/N");
  command->add_flag("--dry-run", typed.run.dry_run, "Only say what would be run, and how long it takes");
  command->footer(
      "Ctrl-C stops; what is done is kept, and the same command goes on from there.\n"
      "What can be named in --set: throughline list STUDY.\n\n"
      "Examples:\n  throughline run study.toml -o results\n"
      "  throughline run study.toml --shard 1/2 -o part-1\n"
      "  throughline run models/la-county -o results --replications 50 --set parameters.bookings=7000");
}

void add_merge(CLI::App& app, Typed& typed) {
  CLI::App* command = app.add_subcommand("merge", "Join the parts of a study that were run apart (run --shard I/N)");
  command->add_option("DIR", typed.merge.folders, "The folders of the parts")->required()->type_name("");
  command->add_option("-o,--output", typed.merge.output, "Folder for the whole results")->type_name("DIR");
  command->add_option("--study", typed.merge.study, "The study, where it is not where it was")->type_name("FILE");
  command->footer(
      "The results are the same, byte for byte, as those of one run. May be repeated; parts that are not finished are "
      "named.\n\n"
      "Examples:\n  throughline run study.toml --shard 1/2 -o part-1\n"
      "  throughline run study.toml --shard 2/2 -o part-2\n  throughline merge part-1 part-2 -o results");
}

void add_trace(CLI::App& app, Typed& typed) {
  CLI::App* command = app.add_subcommand("trace", "Tell one client's story: where to, when, and why");
  TraceRequest& request = typed.trace;
  command->add_option("STUDY", request.path, "A study, or a model")->required()->type_name("");
  command->add_option("--client", typed.client, "This one, by number; one with a long story if not said")
      ->type_name("N");
  add_names(*command, "--through", request.through, "Choose among those who went through this setting", "NAME");
  command->add_option("--scenario", request.scenario, "In this scenario; the first if not said")->type_name("NAME");
  command->add_option("--replication", typed.replication, "In this replication, counted from 0")->type_name("N");
  command->add_option("--seed", typed.seed, "Where chance begins, instead of the study's seed")->type_name("N");
  add_names(*command, "--set", request.set, "Change a number, as settings.ID.capacity=20", "PATH=VALUE");
  command->add_option("--format", typed.story_format, "text for people, csv for spreadsheets")
      ->type_name("FORMAT")
      ->default_str("text");
  command->footer(
      "The same model, seed, replication and number give the same story; the results of run hold the same clients.\n\n"
      "Examples:\n  throughline trace models/la-county\n"
      "  throughline trace study.toml --scenario more_beds --through crt --replication 3\n"
      "  throughline trace models/la-county --client 1234 --format csv > story.csv");
}

void add_results(CLI::App& app, Typed& typed) {
  CLI::App* command = app.add_subcommand("results", "Print tables of stored results");
  ResultsRequest& request = typed.results;
  command->add_option("DIR", request.folder, "The folder given to run -o")->required()->type_name("");
  command
      ->add_option(
          "--table", request.table,
          "outcomes, waits, census, staff, money, budgets, policies, why or equity (by group); of a sweep or uncertain "
          "parameters: sweep, "
          "sensitivity, uncertainty")
      ->type_name("TABLE")
      ->default_str("outcomes");
  add_names(*command, "--metric", request.metrics, "Only this measure, or metric of the model", "NAME");
  add_names(*command, "--setting", request.settings, "Only this setting", "NAME");
  add_names(*command, "--department", request.departments, "Only this department", "NAME");
  add_names(*command, "--role", request.roles, "Only staff of this role", "NAME");
  add_names(*command, "--payer", request.payers, "Of dollars: only what this payer pays", "NAME");
  add_names(*command, "--scenario", request.scenarios, "Only this scenario", "NAME");
  command->add_option("--versus", request.versus, "Differences from this scenario, paired run by run")
      ->type_name("NAME");
  command->add_option("--by-period", request.by_period, "One row each month, quarter or year")->type_name("PERIOD");
  add_names(*command, "--by", request.by, "By the values of this trait, with the gaps between groups", "TRAIT");
  command->add_option("--reference", request.reference, "Group that the others are compared with; else the largest")
      ->type_name("VALUE");
  command->add_flag("--internal", request.internal, "Show small counts too; not to be given to the public");
  add_format(*command, typed);
  command->footer(
      "With several scenarios the table for people compares with the first one unless --versus or --scenario is "
      "given;\n"
      "csv and json then hold each scenario's own values.\n\n"
      "Examples:\n  throughline results results\n  throughline results results --table waits --setting crt\n"
      "  throughline results results --versus baseline --format csv > comparison.csv\n"
      "  throughline results results --table staff --role \"registered nurse\" --by-period quarter\n"
      "  throughline results results --table waits --by race_ethnicity");
}

void add_report(CLI::App& app, Typed& typed) {
  CLI::App* command = app.add_subcommand("report", "Write the report page and comparison table from stored results");
  command->add_option("DIR", typed.report.folder, "The folder given to run -o")->required()->type_name("");
  command->add_option("--html", typed.report.html, "Page to write; needs no other file and no network")
      ->type_name("FILE");
  command->add_option("--brief", typed.report.brief, "Brief of four pages to write, for a Board")
      ->type_name("FILE.pdf");
  command->add_option("--workbook", typed.report.workbook, "Workbook to write, for Excel or LibreOffice")
      ->type_name("FILE.xlsx");
  command->add_option("--csv", typed.report.csv, "Comparison to write (NAME.csv), or a folder for all tables")
      ->type_name("PATH");
  command->add_option("--stress", typed.report.stress, "STRESS-DES appendix to write: the checklist for reporting")
      ->type_name("FILE.md");
  command
      ->add_option("--events", typed.report.events, "Event log of a sample of clients to write: NAME.csv or NAME.xes")
      ->type_name("FILE");
  command->add_option("--clients", typed.clients, "With --events: how many of each scenario; if not given, 100")
      ->type_name("N");
  command->footer(
      "Without options: DIR/report.html and DIR/comparison.csv.\n\n"
      "Examples:\n  throughline report results\n  throughline report results --html board.html --csv tables/\n"
      "  throughline report results --brief brief.pdf --workbook results.xlsx");
}

void add_completion(CLI::App& app, Typed& typed) {
  CLI::App* command = app.add_subcommand("completion", "Print a script by which a shell completes the commands");
  command->add_option("SHELL", typed.shell, "bash, zsh or fish")->required()->type_name("");
  command->footer("Example:\n  source <(throughline completion bash)");
}

/// Options as named to people: the long name where there is one.
std::string shown_name(const CLI::Option& option) {
  return option.get_lnames().empty() ? "-" + option.get_snames().front() : "--" + option.get_lnames().front();
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::vector<CommandWords> words_of(const CLI::App& app) {
  std::vector<CommandWords> all;
  for (const CLI::App* command : commands_of(app)) {
    CommandWords words{.name = command->get_name(), .about = command->get_description(), .options = {}, .choices = {}};
    if (words.name == "completion") words.choices = shell_names();
    for (const CLI::Option* option : command->get_options())
      if (!option->get_positional())
        words.options.push_back({shown_name(*option), option->get_description(),
                                 choices_of(words.name, shown_name(*option)), option->get_items_expected_max() > 0});
    all.push_back(std::move(words));
  }
  return all;
}

const CLI::App* chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? nullptr : commands.front();
}

std::string help_of(const CLI::App* command) {
  return "See throughline " + (command != nullptr ? command->get_name() + ' ' : "") + "--help";
}

/// What was typed and belongs to nothing: a misspelt command or option is named with the nearest there is.
void refuse_strangers(const CLI::App& app) {
  const CLI::App* command = chosen(app);
  const std::vector<std::string> left = app.remaining(true);
  const auto option = std::find_if(left.begin(), left.end(),
                                   [](const std::string& word) { return word.size() > 1 && word.front() == '-'; });
  if (option != left.end()) {
    const std::string name = option->substr(0, option->find('='));
    const std::string hint = did_you_mean(name, option_names(command != nullptr ? *command : app));
    const std::string where = command != nullptr ? " of throughline " + command->get_name() : "";
    throw UsageError{"unknown option \"" + name + "\"" + where + ". " + (hint.empty() ? help_of(command) : hint)};
  }
  if (left.empty()) return;
  if (command != nullptr) throw UsageError{"\"" + left.front() + "\" is one argument too many. " + help_of(command)};
  throw UsageError{"unknown command \"" + left.front() + "\". " + suggestion(left.front(), command_names(app))};
}

/// The parser's own words name its parts; these name what is missing.
std::string words_of_fault(const CLI::ParseError& fault, const CLI::App* command) {
  std::string text = fault.what();
  while (!text.empty() && (text.back() == '\n' || text.back() == '.')) text.pop_back();
  return text + ". " + help_of(command);
}

std::string command_as_typed(int count, const char* const* words) {
  std::string text = "throughline";
  for (int i = 1; i < count; ++i) text += ' ' + shell_word(words[i]);
  return text;
}

void check_choices(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional() || option->count() == 0) continue;
    const std::string name = shown_name(*option);
    const auto choices = choices_of(command.get_name(), name);
    if (!choices.empty())
      for (const std::string& value : option->results()) check_choice(name, value, choices);
  }
}

/// "3/8" as typed.
std::optional<Part> part_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  constexpr std::uint64_t kMostParts = 1'000'000;
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size())
    throw UsageError{"--shard: \"" + text + "\" is no part. Write for instance --shard 3/8, the third of eight parts"};
  const auto count = whole_number("--shard", text.substr(slash + 1), 1, kMostParts);
  const auto index = whole_number("--shard", text.substr(0, slash), 1, *count);
  return Part{.index = static_cast<std::uint32_t>(*index), .count = static_cast<std::uint32_t>(*count)};
}

ExitCode dispatch_merge(const MergeRequest& request) {
  if (request.output.empty())
    throw UsageError{
        "merge: -o DIR is missing. It is the folder that is to hold the whole results, for instance -o "
        "results"};
  return run_merge(request);
}

ExitCode dispatch_run(Typed& typed) {
  RunRequest& request = typed.run;
  if (const auto n = whole_number("--replications", typed.replications, 1, 10'000'000))
    request.replications = static_cast<std::uint32_t>(*n);
  if (!typed.precision.empty()) request.precision = typed.precision;
  if (request.replications && request.precision)
    throw UsageError{"run: --replications and --precision say two things. Leave one of them out"};
  request.seed = whole_number("--seed", typed.seed, 0, std::numeric_limits<std::int64_t>::max());
  if (const auto n = whole_number("--threads", typed.threads, 1, 1024)) request.threads = static_cast<unsigned>(*n);
  request.part = part_of(typed.shard);
  if (request.folder.empty() && !request.dry_run)
    throw UsageError{"run: -o DIR is missing. It is the folder that is to hold the results, for instance -o results"};
  return run_run(request);
}

/// What is written can be told from the name, as other programs tell it.
void check_ending(const char* option, const std::string& file, const std::vector<std::string>& endings) {
  const std::string ending = std::filesystem::path{file}.extension().string();
  if (file.empty() || std::find(endings.begin(), endings.end(), ending) != endings.end()) return;
  std::string known;
  for (const std::string& one : endings) known += (known.empty() ? "" : " or ") + one;
  throw UsageError{std::string{option} + ": " + in_quotes(file) + " does not end in " + known +
                   ", by which other programs know what it is. Try " +
                   in_quotes(std::filesystem::path{file}.replace_extension(endings.front()).string())};
}

ExitCode dispatch_report(Typed& typed) {
  check_ending("--brief", typed.report.brief, {".pdf"});
  check_ending("--workbook", typed.report.workbook, {".xlsx"});
  check_ending("--events", typed.report.events, {".csv", ".xes"});
  constexpr std::uint64_t kMostClients = 100'000;
  if (const auto n = whole_number("--clients", typed.clients, 1, kMostClients)) {
    if (typed.report.events.empty())
      throw UsageError{"report: --clients says of how many clients events are told. Give --events FILE too"};
    typed.report.clients = static_cast<std::uint32_t>(*n);
  }
  return run_report(typed.report);
}

ExitCode dispatch_trace(Typed& typed) {
  TraceRequest& request = typed.trace;
  constexpr std::uint64_t kMostClients = 0x7fffffff;
  if (const auto n = whole_number("--client", typed.client, 1, kMostClients))
    request.client = static_cast<std::uint32_t>(*n);
  if (const auto n = whole_number("--replication", typed.replication, 0, 9'999'999))
    request.replication = static_cast<std::uint32_t>(*n);
  request.seed = whole_number("--seed", typed.seed, 0, std::numeric_limits<std::int64_t>::max());
  request.csv = typed.story_format == "csv";
  if (request.client && !request.through.empty())
    throw UsageError{"trace: --client and --through say two things. --through chooses a client; leave one of them out"};
  return run_trace(request);
}

ExitCode dispatch(const CLI::App& app, Typed& typed) {
  const CLI::App& command = *chosen(app);
  check_choices(command);
  typed.check.format = typed.list.format = typed.results.format = format_of(typed.format);
  const std::string& name = command.get_name();
  if (name == "check" && !typed.check.svg.empty() && !typed.check.warmup)
    throw UsageError{"check: --svg draws how the model settles. Give --warmup too, or see throughline show --help"};
  if (name == "new") return run_new(typed.make);
  if (name == "check") return run_check(typed.check);
  if (name == "list") return run_list(typed.list);
  if (name == "diff") return run_diff(typed.diff);
  if (name == "show") return run_show(typed.show);
  if (name == "run") return dispatch_run(typed);
  if (name == "merge") return dispatch_merge(typed.merge);
  if (name == "trace") return dispatch_trace(typed);
  if (name == "results") return run_results(typed.results);
  if (name == "report") return dispatch_report(typed);
  check_choice("completion", typed.shell, shell_names());
  print(completion_script(typed.shell, words_of(app)));
  return ExitCode::good;
}

std::string version_text() {
  return "throughline " + std::string{kProgramVersion} + " (engine " + std::string{kEngineVersion} +
         ", result format " + std::to_string(kResultFormat) + ")";
}

void build(CLI::App& app, Typed& typed) {
  app.name("throughline");
  app.description(
      "Simulates the capacity of a continuum of care: who waits where, for how long, and what more beds would change.");
  app.set_version_flag("--version", version_text());
  app.set_help_flag("--help,-h", "Print this help and end");
  app.footer(
      "A first walk:\n  throughline check models/la-county\n  throughline run scenarios/la-county/study.toml -o "
      "results\n"
      "  throughline report results\n\nExit codes: 0 good, 1 errors or a failed run, 2 usage, 3 a fault of the "
      "program.");
  add_new(app, typed);
  add_check(app, typed);
  add_list(app, typed);
  add_diff(app, typed);
  add_show(app, typed);
  add_run(app, typed);
  add_merge(app, typed);
  add_trace(app, typed);
  add_results(app, typed);
  add_report(app, typed);
  add_completion(app, typed);
  app.allow_extras();
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) command->allow_extras();
  app.get_formatter()->column_width(34);
}

}  // namespace

ExitCode run_command_line(int count, const char* const* words) {
  Typed typed;
  CLI::App app;
  build(app, typed);
  typed.run.again = typed.merge.again = command_as_typed(count, words);
  try {
    app.parse(count, words);
  } catch (const CLI::CallForHelp&) {
    const CLI::App* command = chosen(app);
    print(command != nullptr ? command->help("throughline") : app.help());
    return ExitCode::good;
  } catch (const CLI::CallForVersion&) {
    print(version_text() + '\n');
    return ExitCode::good;
  } catch (const CLI::ParseError& fault) {
    refuse_strangers(app);
    throw UsageError{words_of_fault(fault, chosen(app))};
  }
  refuse_strangers(app);
  if (chosen(app) == nullptr) {
    tell(app.help());
    return ExitCode::usage;
  }
  return dispatch(app, typed);
}

}  // namespace tl
