#pragma once
#include <string>

#include "analysis/results_file.hpp"

// The sections of the report, each a piece of HTML.
namespace tl::page {

std::string finding_part(const StudyResults& study, double confidence);
std::string differences_part(const StudyResults& study);
std::string changes_part(const StudyResults& study, double confidence);
std::string course_part(const StudyResults& study);
std::string policies_part(const StudyResults& study);
std::string settings_part(const StudyResults& study, double confidence);
std::string map_part(const StudyResults& study);
std::string assumptions_part(const StudyResults& study);
std::string reading_part(const StudyResults& study, double confidence);
std::string footer_part(const StudyResults& study);

}  // namespace tl::page
