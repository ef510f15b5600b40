#include "models/read_model.hpp"

#include <algorithm>
#include <mutex>

#include "models/population.hpp"
#include "models/read_context.hpp"
#include "models/schema.hpp"
#include "models/short_routes.hpp"
#include "models/table_reader.hpp"
#include "models/variant_builder.hpp"

namespace tl {
namespace {

using namespace reading;

/// Tables that hold nothing, or values where rows are due, come as fields of the head.
Document with_all_tables(const Document& document, Problems& problems) {
  Document all = document;
  const std::vector<std::string> known = table_names();
  std::erase_if(all.head.fields, [&](const auto& field) {
    const auto& [name, cell] = field;
    if (is_single_table(name) || std::find(known.begin(), known.end(), name) == known.end()) return false;
    all.tables.push_back(table_from_cell(name, cell, problems));
    return true;
  });
  return all;
}

/// After such a problem rows are missing, and everything that refers to them would be a problem too.
bool rows_are_missing(const Problems& problems) {
  const std::vector<Problem> all = problems.sorted();
  return std::any_of(all.begin(), all.end(), [](const Problem& problem) {
    const std::string_view text = problem.code.text();
    return problem.severity == Severity::error &&
           (text.rfind("file-", 0) == 0 || text.rfind("text-", 0) == 0 || text == "toml-syntax" ||
            text == "csv-quote" || text == "csv-heading" || text == "table-rows" || text == "table-columns");
  });
}

std::optional<Model> build_read(const Document& document, const ReadOptions& options, Problems& problems,
                                std::size_t errors_before) {
  if (problems.error_count() > errors_before && rows_are_missing(problems)) return std::nullopt;
  std::optional<Model> model = build_model(document, {}, options, problems);
  if (problems.error_count() > errors_before) return std::nullopt;
  return model;
}

}  // namespace

struct ReadyModel::Parts {
  ReadOptions options;
  Document document;
  ParameterTable parameters;
  std::vector<LeverSpec> levers;
  bool is_sound = true;
  mutable std::once_flag written_once;
  mutable std::optional<Model> written;  ///< the model without changes, where it was asked for
};

ReadyModel::ReadyModel(const Document& document, const ReadOptions& options, Problems& problems) {
  const std::size_t errors_before = problems.error_count();
  auto parts = std::make_unique<Parts>();
  parts->options = options;
  parts->document = with_all_tables(document, problems);
  write_out_staffing(parts->document, problems);
  check_fields(parts->document, problems);
  write_out_short_routes(parts->document, problems);
  parts->parameters = read_parameters(parts->document.find("parameters"), options.limits, problems);
  parts->levers = read_levers(parts->document, options.limits, problems);
  parts->is_sound = problems.error_count() == errors_before;
  parts_ = std::move(parts);
}

ReadyModel::~ReadyModel() = default;
ReadyModel::ReadyModel(ReadyModel&&) noexcept = default;
ReadyModel& ReadyModel::operator=(ReadyModel&&) noexcept = default;

std::optional<Model> ReadyModel::build(std::span<const Change> changes, Problems& problems) const {
  const std::size_t errors_before = problems.error_count();
  std::optional<Model> model =
      build_variant(parts_->document, parts_->parameters, parts_->levers, parts_->options.limits, changes, problems);
  if (!parts_->is_sound || !model || problems.error_count() > errors_before) return std::nullopt;
  if (model->population_scale != 1.0) settle_part(changes, *model, problems);
  return model;
}

/// What a scenario leaves alone is rounded as it is without it.
void ReadyModel::settle_part(std::span<const Change> changes, Model& model, Problems& problems) const {
  if (changes.empty()) return settle_rounding(model, model);
  std::call_once(parts_->written_once, [&] {
    Problems already_told;
    parts_->written =
        build_variant(parts_->document, parts_->parameters, parts_->levers, parts_->options.limits, {}, already_told);
  });
  settle_rounding(model, parts_->written ? *parts_->written : model);
  if (parts_->written) tell_hidden_changes(model, *parts_->written, changes, problems);
}

std::optional<Model> build_model(const Document& document, std::span<const Change> changes, const ReadOptions& options,
                                 Problems& problems) {
  return ReadyModel{document, options, problems}.build(changes, problems);
}

std::optional<Model> read_model(const std::filesystem::path& path, const ReadOptions& options, Problems& problems) {
  const std::size_t errors_before = problems.error_count();
  const Document document = read_document(path, options.limits, problems);
  return build_read(document, options, problems, errors_before);
}

std::optional<Model> read_model_text(std::string_view toml, std::string file_name, const ReadOptions& options,
                                     Problems& problems) {
  const std::size_t errors_before = problems.error_count();
  const Document document = read_toml_text(toml, file_name, options.limits, problems);
  return build_read(document, options, problems, errors_before);
}

}  // namespace tl
