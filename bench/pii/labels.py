"""Coarse classes shared by every adapter and data set."""

COARSE = {
    "PERSON": "PERSON,PER,GIVEN_NAME,SURNAME,person,PERSON_NAME,self_name,nr,np,PERSON_PUBLIC",
    "LOC": "ADDRESS,LOCATION,LOC,GPE,STREET_ADDRESS,ZIP_CODE,FAC,CITY,STATE,BUILDING_NUMBER,STREET_NAME,SECONDARY_ADDRESS,address,location,ns,POSTAL_CODE,US_ADDRESS,ZIP,zip,postal_code",
    "ORG": "ORG,ORGANIZATION,organization,COMPANY,nt,ni,school,workplace,hospital",
    "PHONE": "PHONE,PHONE_NUMBER,phone,PHONE_LANDLINE,phone_landline,tel,us_phone,landline",
    "EMAIL": "EMAIL,EMAIL_ADDRESS,email",
    "CARD": "CREDIT_CARD,credit_card,CREDIT_CARD_NUMBER,CARD,credit_card_number",
    "BANK": "BANK_ACCOUNT,IBAN,IBAN_CODE,BANK,US_BANK_NUMBER,ROUTING_NUMBER,bank_card,iban,bank_account,SWIFT,us_bank_number,BANK_CARD",
    "GOVID": "HKID,CN_ID,TW_ID,MACAU_ID,HOME_RETURN_PERMIT,PASSPORT,US_SSN,SSN,US_DRIVER_LICENSE,DRIVERS_LICENSE,GOVERNMENT_ID,TAX_ID,US_PASSPORT,US_ITIN,UK_NHS,ID_NUM,id_number,passport,ssn,national_id,driver_license,UK_NINO,hk_id,tw_id,macau_id,NATIONAL_ID,US_ITIN,DRIVER_LICENSE,hkid,tax_id,US_MBI,hk_hkid,AADHAAR,PAN",
    "DATE": "DATE_TIME,DATE,DATE_OF_BIRTH,DOB,date,date_of_birth,dob,TIME",
    "URL": "URL,DOMAIN_NAME,URL_WITH_TOKEN,url",
    "IP": "IP,IP_ADDRESS,IPV4,IPV6,ip,ip_address,ipv4,ipv6",
    "SECRET": "API_KEY,SECRET,api_key,secret,token,jwt,JWT,PASSWORD,AWS_ACCESS_KEY,credential,aws_key,github_token,openai_api_key,aws_access_key,private_key,ssh_private_key,SECRET_KEY",
    "CODE": "STUDENT_ID,STAFF_ID,BUSINESS_REGISTRATION,OCTOPUS,LICENSE_PLATE,MEDICAL_RECORD,BR_NUMBER,CR_NUMBER,MEDICAL_LICENSE,license_plate,student_id,medical,medical_record,employee_id,vehicle_plate,car_plate,MEDICAL_RECORD_NUMBER,UBN,business_license,uscc",
}
MAP = {a: k for k, v in COARSE.items() for a in v.split(",")}
for k in COARSE:
    MAP.setdefault(k, k)


def coarse(label):
    return MAP.get(label) or MAP.get(label.upper())
