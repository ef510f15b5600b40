#include "analysis/replications.hpp"

#include <utility>

#include "sim/expects.hpp"

namespace tl {

void ReplicationSource::copy_to(ReplicationArrays& arrays) {
  each(Arrays::all, [&](const ReplicationResult& result) { arrays.add({&result, 1}); });
}

Replications::Replications(std::shared_ptr<ReplicationSource> source)
    : source_{std::move(source)}, asked_{std::make_shared<Asked>()} {}

void Replications::each(Arrays wanted, const ReplicationSource::With& with) const {
  if (source_) return source_->each(wanted, with);
  for (const ReplicationResult& result : held_) with(result);
}

Values Replications::values(const Question& question) const {
  if (!source_) {
    Values values;
    values.reserve(held_.size());
    for (const ReplicationResult& result : held_) values.push_back(question.value(result));
    return values;
  }
  if (const auto at = asked_->answers.find(question.name); at != asked_->answers.end()) return at->second;
  asked_->open.emplace(question.name, question);
  if (asked_->noting) return Values(source_->count());
  answer_open();
  return std::move(asked_->answers.extract(question.name).mapped());
}

void Replications::answer_open() const {
  const std::map<std::string, Question> open = std::exchange(asked_->open, {});
  Arrays wanted = Arrays::sums;
  std::vector<std::pair<const Question*, Values>> answers;
  for (const auto& [name, question] : open) {
    if (question.wanted == Arrays::all) wanted = Arrays::all;
    answers.emplace_back(&question, Values{}).second.reserve(source_->count());
  }
  each(wanted, [&](const ReplicationResult& result) {
    for (auto& [question, values] : answers) values.push_back(question->value(result));
  });
  for (auto& [question, values] : answers) asked_->answers[question->name] = std::move(values);
}

void Replications::copy_to(ReplicationArrays& arrays) const {
  if (source_)
    source_->copy_to(arrays);
  else
    arrays.add(held_);
}

ReplicationResult Replications::operator[](std::size_t index) const {
  TL_EXPECTS(index < size());
  return source_ ? source_->read(index) : held_[index];
}

Replications::Iterator Replications::begin() const {
  return {*this, 0};
}
Replications::Iterator Replications::end() const {
  return {*this, size()};
}

std::vector<ReplicationResult>& Replications::held() {
  if (source_) {
    std::vector<ReplicationResult> all;
    each(Arrays::all, [&](const ReplicationResult& result) { all.push_back(result); });
    held_ = std::move(all);
    source_.reset();
    asked_.reset();
  }
  return held_;
}

Replications::Iterator::reference Replications::Iterator::operator*() const {
  if (of_->are_held()) return of_->held_[index_];
  if (!room_) room_ = std::make_shared<ReplicationResult>(std::as_const(*of_)[index_]);
  return *room_;
}

Together::Together(const std::vector<const Replications*>& of) {
  for (const Replications* one : of) {
    if (one->are_held() || one->asked_->noting) continue;
    one->asked_->noting = true;
    of_.push_back(one);
  }
}

Together::~Together() {
  for (const Replications* one : of_) *one->asked_ = {};
}

bool Together::answer() {
  bool any = false;
  for (const Replications* one : of_) {
    if (one->asked_->open.empty()) continue;
    one->answer_open();
    any = true;
  }
  return any;
}

}  // namespace tl
