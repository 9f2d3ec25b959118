// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "shared/visits/measure_files/text_file.h"
#include "shared/visits/measures/visit_facts.h"

namespace doorstep::measure_files {

// packages.csv (column commissioned_min) and invoices.csv (invoiced_min). Error: FILE_FAULT.
Result<std::vector<measures::WeekMinutes>> readPackages(const TextFile& file);
Result<std::vector<measures::WeekMinutes>> readInvoices(const TextFile& file);

// people.csv: a person stands once. Error: FILE_FAULT.
Result<std::vector<measures::PersonFacts>> readPeople(const TextFile& file);

}  // namespace doorstep::measure_files
